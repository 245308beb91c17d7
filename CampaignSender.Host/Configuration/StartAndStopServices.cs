using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Configuration;

internal static class StartAndStopServices
{
    /// <summary>Longer than the drain, shorter than a pod's default grace period of 30 s and what it needs to kill.</summary>
    private static readonly TimeSpan AfterDrain = TimeSpan.FromSeconds(4);

    public static IServiceCollection AddStartAndStop(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StartSignal>();
        services.AddSingleton<StopSignals>();
        services.AddSingleton<SenderStart>();
        services.AddHostedService(provider => provider.GetRequiredService<SenderStart>());
        services
            .AddOptions<HostOptions>()
            .Configure<IOptions<ShutdownOptions>>(
                (host, shutdown) => host.ShutdownTimeout = shutdown.Value.DrainTimeout + AfterDrain
            );
        return services;
    }
}
