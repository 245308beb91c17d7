namespace CampaignSender.Host.Safety;

internal static class SafetyServices
{
    public static IServiceCollection AddSafety(this IServiceCollection services) =>
        services
            .AddSingleton<SafetyStore>()
            .AddSingleton<ISafetyLimits>(provider => provider.GetRequiredService<SafetyStore>())
            .AddSingleton<SafetyStop>()
            .AddSingleton<SafetyMonitor>();
}
