namespace CampaignSender.Host.Pacing;

internal static class PacingServices
{
    public static IServiceCollection AddPacing(this IServiceCollection services) =>
        services.AddSingleton<IInboxLimits, InboxLimitStore>().AddSingleton<InboxPacer>();
}
