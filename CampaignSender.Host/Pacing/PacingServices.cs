namespace CampaignSender.Host.Pacing;

internal static class PacingServices
{
    /// <summary>What commands need of it.</summary>
    public static IServiceCollection AddInboxLimits(this IServiceCollection services) =>
        services.AddSingleton<IInboxLimits, InboxLimitStore>().AddSingleton<IInboxQuotas, QuotaStore>();

    public static IServiceCollection AddPacing(this IServiceCollection services) =>
        services.AddInboxLimits().AddSingleton<InboxPacer>().AddSingleton<QuotaKeeper>();
}
