using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Configuration;

internal static class StartAndStopServices
{
    /// <summary>What the stop takes besides the drain; both together end before a pod's grace period does, 30 s by default.</summary>
    private static readonly TimeSpan AfterDrain = TimeSpan.FromSeconds(4);

    public static IServiceCollection AddStartAndStop(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StartSignal>();
        services.AddSingleton<ServiceEnd>();
        services.AddSingleton<StopSignals>();
        services.AddHostedService<SenderStart>();
        services
            .AddOptions<HostOptions>()
            .Configure<IOptions<ShutdownOptions>>(
                (host, shutdown) => host.ShutdownTimeout = shutdown.Value.DrainTimeout + AfterDrain
            );
        return services;
    }
}
