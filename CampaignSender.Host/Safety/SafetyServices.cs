namespace CampaignSender.Host.Safety;

internal static class SafetyServices
{
    /// <summary>What commands need of it.</summary>
    public static IServiceCollection AddSafetyLimits(this IServiceCollection services) =>
        services
            .AddSingleton<SafetyStore>()
            .AddSingleton<ISafetyLimits>(provider => provider.GetRequiredService<SafetyStore>());

    public static IServiceCollection AddSafety(this IServiceCollection services) =>
        services
            .AddSafetyLimits()
            .AddSingleton<SafetyStop>()
            .AddSingleton<SafetyMonitor>()
            .AddHostedService<RecentStops>();
}
