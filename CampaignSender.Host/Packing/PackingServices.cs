namespace CampaignSender.Host.Packing;

internal static class PackingServices
{
    public static IServiceCollection AddPacking(this IServiceCollection services) =>
        services.AddSingleton<ICampaignPacking, PackingStore>();
}
