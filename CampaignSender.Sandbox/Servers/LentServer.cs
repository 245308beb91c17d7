namespace CampaignSender.Sandbox.Servers;

/// <summary>A server that goes on when this use of it ends.</summary>
internal sealed class LentServer(LocalServer server) : IRunningServer
{
    public Task Stop(CancellationToken cancellationToken) => server.Stop(cancellationToken);

    public Task Kill(CancellationToken cancellationToken) => server.Kill(cancellationToken);

    public Task Start(CancellationToken cancellationToken) => server.Start(cancellationToken);

    public Task Freeze(CancellationToken cancellationToken) => server.Freeze(cancellationToken);

    public Task Thaw(CancellationToken cancellationToken) => server.Thaw(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
