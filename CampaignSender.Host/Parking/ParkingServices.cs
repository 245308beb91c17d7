namespace CampaignSender.Host.Parking;

internal static class ParkingServices
{
    public static IServiceCollection AddParking(this IServiceCollection services)
    {
        services.AddSingleton<ParkingStore>();
        services.AddSingleton<PageParking>();
        services.AddHostedService<ParkedPageRedriver>();
        return services;
    }
}
