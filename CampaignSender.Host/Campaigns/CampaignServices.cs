using CampaignSender.Host.Configuration;
using Microsoft.Extensions.Caching.Memory;

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
        services.AddMemoryCache(cache => cache.SizeLimit = CacheEntries);
        services
            .AddOptions<MemoryCacheOptions>()
            .Configure<TimeProvider>((cache, time) => cache.Clock = new SteadyTime(time));
        services.AddSingleton<CampaignStore>();
        services.AddSingleton<CampaignGate>();
        services.AddSingleton<CampaignStandstillStore>();
        services.AddHostedService<CampaignStandstill>();
        return services;
    }
}
