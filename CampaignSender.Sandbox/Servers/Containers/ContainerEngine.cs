using DotNet.Testcontainers.Configurations;

namespace CampaignSender.Sandbox.Servers.Containers;

/// <summary>The container engine of this machine, if there is one.</summary>
internal static class ContainerEngine
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Whether an engine answers. A docker client without an engine is common, so every place that Testcontainers
    /// knows is asked; that is synchronous and knows no time limit.
    /// </summary>
    public static async Task<bool> Answers(CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(
                    () => TestcontainersSettings.OS.DockerEndpointAuthConfig is not null,
                    cancellationToken
                )
                .WaitAsync(_patience, TimeProvider.System, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Starts a container, or says why not and leaves the choice to the next source.</summary>
    public static async Task<ContainerServer?> Start(
        string name,
        DotNet.Testcontainers.Containers.IContainer container,
        IServerLog log,
        CancellationToken cancellationToken
    )
    {
        try
        {
            log.Say($"{name}: starting a container of {container.Image.FullName}");
            await container.StartAsync(cancellationToken);
            return new ContainerServer(container);
        }
        catch (Exception exception)
        {
            await container.DisposeAsync();
            if (exception is OperationCanceledException)
            {
                throw;
            }

            log.Say($"{name}: the container does not start ({exception.Message})");
            return null;
        }
    }
}
