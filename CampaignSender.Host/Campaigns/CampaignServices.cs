namespace CampaignSender.Host.Campaigns;

internal static class CampaignServices
{
    /// <summary>Campaigns and templates remembered at once.</summary>
    private const int CacheEntries = 10_000;

    public static IServiceCollection AddCampaigns(this IServiceCollection services)
    {
        services.AddMemoryCache(cache => cache.SizeLimit = CacheEntries);
        services.AddSingleton<CampaignStore>();
        services.AddSingleton<ICampaignContents, CampaignContentsStore>();
        services.AddSingleton<CampaignGate>();
        return services;
    }
}
