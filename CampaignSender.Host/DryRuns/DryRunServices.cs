namespace CampaignSender.Host.DryRuns;

internal static class DryRunServices
{
    public static IServiceCollection AddDryRuns(this IServiceCollection services) =>
        services.AddSingleton<CampaignDryRun>();
}
