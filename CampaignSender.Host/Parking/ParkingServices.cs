namespace CampaignSender.Host.Parking;

internal static class ParkingServices
{
    /// <summary>What commands need of it.</summary>
    public static IServiceCollection AddParkedPages(this IServiceCollection services) =>
        services
            .AddSingleton<ParkingStore>()
            .AddSingleton<IParkedPages>(provider => provider.GetRequiredService<ParkingStore>());

    public static IServiceCollection AddParking(this IServiceCollection services)
    {
        services.AddParkedPages();
        services.AddSingleton<PageParking>();
        services.AddHostedService<ParkedPageRedriver>();
        return services;
    }
}
