namespace CampaignSender.Host.Campaigns;

/// <summary>Ends the waits of a page when its campaign is paused or stopped.</summary>
internal sealed class CampaignWatch(Action<CampaignWatch> unregister) : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public CancellationToken Token => _source.Token;

    // Not disposed: a control message may cancel the watch while the page leaves, and nothing is held that needs it.
    public void Cancel() => _source.Cancel();

    public void Dispose() => unregister(this);
}
