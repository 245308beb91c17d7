using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Database;

internal static class Recent
{
    /// <summary>A change reaches every replica within 5 s; the rest of them is for the requests around the look.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(4);
}

/// <summary>
/// An answer of the database that is shared until it is too old. Whoever asks then waits for the next one, so that nobody
/// acts on an older one, and where it cannot be had its fault reaches all who ask.
/// </summary>
internal sealed class Recent<T>(TimeProvider time, Func<Task<T>> read)
{
    private readonly Lock _lock = new();

    /// <summary>A machine that was suspended does not wake with answers of before.</summary>
    private readonly SteadyTime _time = new(time);

    private Task<T>? _answer;
    private DateTimeOffset _asked;

    /// <summary>The next who asks gets a new answer.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _answer = null;
        }
    }

    /// <summary>Asks anew, however young the answer is that is known.</summary>
    public ValueTask<T> GetAnew(CancellationToken cancellationToken)
    {
        Forget();
        return Get(cancellationToken);
    }

    /// <summary>It became known in another way.</summary>
    public void Set(T answer)
    {
        lock (_lock)
        {
            _answer = Task.FromResult(answer);
            _asked = _time.GetUtcNow();
        }
    }

    public ValueTask<T> Get(CancellationToken cancellationToken)
    {
        Task<T> answer;
        lock (_lock)
        {
            if (_answer is null or { IsFaulted: true } || _time.GetUtcNow() - _asked >= Recent.MaxAge)
            {
                _asked = _time.GetUtcNow();
                _answer = read();
            }

            answer = _answer;
        }

        return new ValueTask<T>(answer.WaitAsync(cancellationToken));
    }
}
