namespace CampaignSender.Host.Configuration;

/// <summary>Lets those wait that need what the bus declares at its start.</summary>
internal sealed class StartSignal
{
    private readonly TaskCompletionSource _consuming = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Consuming => _consuming.Task;

    public void SetConsuming() => _consuming.TrySetResult();
}
