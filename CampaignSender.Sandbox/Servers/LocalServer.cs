namespace CampaignSender.Sandbox.Servers;

/// <summary>What can be done to a server of either kind. A supplied one refuses: <see cref="NotSupportedException"/>.</summary>
internal abstract class LocalServer(IRunningServer running) : IAsyncDisposable
{
    /// <inheritdoc cref="IRunningServer.Stop"/>
    public Task Stop(CancellationToken cancellationToken) => running.Stop(cancellationToken);

    /// <inheritdoc cref="IRunningServer.Kill"/>
    public Task Kill(CancellationToken cancellationToken) => running.Kill(cancellationToken);

    /// <inheritdoc cref="IRunningServer.Start"/>
    public Task Start(CancellationToken cancellationToken) => running.Start(cancellationToken);

    /// <inheritdoc cref="IRunningServer.Freeze"/>
    public Task Freeze(CancellationToken cancellationToken) => running.Freeze(cancellationToken);

    /// <inheritdoc cref="IRunningServer.Thaw"/>
    public Task Thaw(CancellationToken cancellationToken) => running.Thaw(cancellationToken);

    public ValueTask DisposeAsync() => running.DisposeAsync();
}
