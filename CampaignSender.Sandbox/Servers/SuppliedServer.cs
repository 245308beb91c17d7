namespace CampaignSender.Sandbox.Servers;

/// <summary>A server that somebody else runs: it is used and otherwise left alone.</summary>
internal sealed class SuppliedServer(string variable) : IRunningServer
{
    public Task Stop(CancellationToken cancellationToken) => throw Refusal();

    public Task Kill(CancellationToken cancellationToken) => throw Refusal();

    public Task Start(CancellationToken cancellationToken) => throw Refusal();

    public Task Freeze(CancellationToken cancellationToken) => throw Refusal();

    public Task Thaw(CancellationToken cancellationToken) => throw Refusal();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private NotSupportedException Refusal() =>
        new($"The server that {variable} names is not ours to stop or freeze. Unset {variable} to get a private one.");
}
