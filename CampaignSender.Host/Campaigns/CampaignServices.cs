using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Campaigns;

internal static class CampaignServices
{
    /// <summary>Campaigns, templates and sending hours remembered at once.</summary>
    private const int CacheEntries = 10_000;

    /// <summary>What commands need of it.</summary>
    public static IServiceCollection AddCampaignContents(this IServiceCollection services) =>
        services
            .AddSingleton<ICampaignContents, CampaignContentsStore>()
            .AddSingleton<ICampaignOrders, CampaignOrderStore>();

    public static IServiceCollection AddCampaigns(this IServiceCollection services)
    {
        services.AddMemoryCache(cache =>
        {
            cache.SizeLimit = CacheEntries;
            cache.Clock = new SteadyTime(TimeProvider.System);
        });
        services.AddSingleton<CampaignStore>();
        services.AddSingleton<CampaignGate>();
        return services;
    }
}
