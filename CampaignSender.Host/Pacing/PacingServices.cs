namespace CampaignSender.Host.Pacing;

internal static class PacingServices
{
    public static IServiceCollection AddPacing(this IServiceCollection services) =>
        services
            .AddSingleton<InboxLimitStore>()
            .AddSingleton<IInboxLimits>(provider => provider.GetRequiredService<InboxLimitStore>())
            .AddSingleton<InboxLimits>()
            .AddSingleton<InboxPacer>();
}
