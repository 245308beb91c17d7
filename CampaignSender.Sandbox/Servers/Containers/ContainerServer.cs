using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;

namespace CampaignSender.Sandbox.Servers.Containers;

/// <summary>A server in a container of ours. The engine's own reaper removes it when our process is killed.</summary>
internal sealed class ContainerServer(IContainer container) : IRunningServer
{
    public string Host => container.Hostname;

    public Task Stop(CancellationToken cancellationToken) => container.StopAsync(cancellationToken);

    public async Task Kill(CancellationToken cancellationToken)
    {
        using var engine = TestcontainersSettings.OS.DockerEndpointAuthConfig.GetDockerClientBuilder(default).Build();
        await engine.Containers.KillContainerAsync(container.Id, new ContainerKillParameters(), cancellationToken);
    }

    public Task Start(CancellationToken cancellationToken) => container.StartAsync(cancellationToken);

    public Task Freeze(CancellationToken cancellationToken) => container.PauseAsync(cancellationToken);

    public Task Thaw(CancellationToken cancellationToken) => container.UnpauseAsync(cancellationToken);

    public ValueTask DisposeAsync() => container.DisposeAsync();
}
