namespace CampaignSender.Host.Claiming;

internal static class ClaimingServices
{
    public static IServiceCollection AddClaiming(this IServiceCollection services)
    {
        services.AddSingleton<ClaimStore>();
        services.AddSingleton<ContactClaims>();
        services.AddHostedService<FormerContactsPurge>();
        return services;
    }
}
