namespace CampaignSender.Host.Configuration;

/// <summary>Ends the service because it cannot go on: whoever has started it, starts it anew.</summary>
internal sealed class ServiceEnd(IHostApplicationLifetime lifetime)
{
    public bool HasFailed { get; private set; }

    public void Fail()
    {
        HasFailed = true;
        lifetime.StopApplication();
    }
}
