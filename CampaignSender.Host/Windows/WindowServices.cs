namespace CampaignSender.Host.Windows;

internal static class WindowServices
{
    public static IServiceCollection AddWindows(this IServiceCollection services) =>
        services
            .AddSingleton<WindowStore>()
            .AddSingleton<ISendingWindows>(provider => provider.GetRequiredService<WindowStore>())
            .AddSingleton<SendingHours>();
}
