namespace CampaignSender.Host.Attempts;

internal static class AttemptServices
{
    public static IServiceCollection AddAttempts(this IServiceCollection services) =>
        services.AddSingleton<PageAttemptStore>().AddSingleton<PageAttempts>();
}
