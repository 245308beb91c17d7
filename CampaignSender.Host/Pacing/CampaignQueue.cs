using System.Diagnostics.CodeAnalysis;

namespace CampaignSender.Host.Pacing;

/// <summary>
/// Who waits for something that campaigns share: the campaigns get their turns one after the other, and of one campaign
/// the page that came first. Not safe for several threads at once.
/// </summary>
/// <param name="held">How much of it a campaign has now: the one with the least goes first. Null: nobody keeps any of it.</param>
internal sealed class CampaignQueue<T>(Func<Guid, int>? held = null)
{
    private readonly Dictionary<Guid, PriorityQueue<TaskCompletionSource<T>, (long Page, long Entry)>> _byCampaign = [];

    /// <summary>In the order of their turns.</summary>
    private readonly List<Guid> _campaigns = [];
    private long _entries;

    /// <summary>Those who have given up meanwhile may be among them.</summary>
    public int Count { get; private set; }

    /// <param name="campaignId">Whose turn it takes.</param>
    /// <param name="page">The lower, the sooner; whoever has the same is in the order of entry.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<T> Enter(Guid campaignId, long page, CancellationToken cancellationToken)
    {
        // A caller goes on on a thread of its own, never inside of whoever gives the turn.
        var place = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_byCampaign.TryGetValue(campaignId, out var waiting))
        {
            waiting = new PriorityQueue<TaskCompletionSource<T>, (long Page, long Entry)>();
            _byCampaign[campaignId] = waiting;
            _campaigns.Add(campaignId);
        }

        waiting.Enqueue(place, (page, _entries++));
        Count++;
        return UntilCancelled(place, cancellationToken);
    }

    /// <summary>Gives the turn to whoever is next, and tells of which campaign; null: nobody waits.</summary>
    public Guid? Give(T turn)
    {
        while (TryDequeue(out var campaignId, out var place))
        {
            if (place.TrySetResult(turn))
            {
                return campaignId;
            }
        }

        return null;
    }

    /// <summary>Nobody gets a turn: all are told why.</summary>
    public void Fail(Exception exception)
    {
        while (TryDequeue(out _, out var place))
        {
            place.TrySetException(exception);
        }
    }

    private static async Task<T> UntilCancelled(TaskCompletionSource<T> place, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(
            static (given, token) => ((TaskCompletionSource<T>)given!).TrySetCanceled(token),
            place
        );
        return await place.Task;
    }

    private bool TryDequeue(out Guid campaignId, [NotNullWhen(true)] out TaskCompletionSource<T>? place)
    {
        if (_campaigns.Count == 0)
        {
            (campaignId, place) = (Guid.Empty, null);
            return false;
        }

        // Of those with as much, the one whose turn it is.
        campaignId = held is null ? _campaigns[0] : _campaigns.MinBy(held);
        _campaigns.Remove(campaignId);
        var waiting = _byCampaign[campaignId];
        place = waiting.Dequeue();
        Count--;
        if (waiting.Count > 0)
        {
            _campaigns.Add(campaignId);
        }
        else
        {
            _byCampaign.Remove(campaignId);
        }

        return true;
    }
}
