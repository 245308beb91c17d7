using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Configuration;

/// <summary>The two moments of an orderly stop.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _abandon;
    private readonly CancellationTokenRegistration _registration;

    public StopSignals(IHostApplicationLifetime lifetime, IOptions<ShutdownOptions> options, TimeProvider time)
    {
        Stopping = lifetime.ApplicationStopping;
        _abandon = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _registration = Stopping.Register(() => _abandon.CancelAfter(options.Value.DrainTimeout));
    }

    /// <summary>Nothing new is begun; what is on the wire is finished and recorded.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>What is still not finished is left to the next owner.</summary>
    public CancellationToken Abandon => _abandon.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _abandon.Dispose();
    }
}
