namespace CampaignSender.Host.Suppression;

internal static class SuppressionServices
{
    public static IServiceCollection AddSuppression(this IServiceCollection services) =>
        services
            .AddSingleton<SuppressionStore>()
            .AddSingleton<ISuppressionList>(provider => provider.GetRequiredService<SuppressionStore>())
            .AddSingleton<SuppressionCheck>();
}
