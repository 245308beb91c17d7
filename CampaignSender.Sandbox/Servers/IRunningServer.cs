namespace CampaignSender.Sandbox.Servers;

/// <summary>A server that runs somewhere. Disposing ends it for good, where it is ours.</summary>
internal interface IRunningServer : IAsyncDisposable
{
    /// <summary>Ends it in order, as an operator would.</summary>
    Task Stop(CancellationToken cancellationToken);

    /// <summary>Ends it as a power cut would.</summary>
    Task Kill(CancellationToken cancellationToken);

    /// <summary>Starts it again at the same address with the same data, and waits until it answers.</summary>
    Task Start(CancellationToken cancellationToken);

    /// <summary>Lets it hang: connections stay open and nothing answers.</summary>
    Task Freeze(CancellationToken cancellationToken);

    /// <summary>Ends <see cref="Freeze"/>.</summary>
    Task Thaw(CancellationToken cancellationToken);
}
