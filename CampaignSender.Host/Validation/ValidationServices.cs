namespace CampaignSender.Host.Validation;

internal static class ValidationServices
{
    public static IServiceCollection AddValidation(this IServiceCollection services) =>
        services.AddSingleton<PageAttemptStore>().AddSingleton<PageAttempts>();
}
