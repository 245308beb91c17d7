namespace CampaignSender.Host.Tracking;

internal static class TrackingServices
{
    public static IServiceCollection AddTracking(this IServiceCollection services) =>
        services.AddSingleton<TrackedReporter>();
}
