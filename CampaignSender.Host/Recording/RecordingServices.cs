namespace CampaignSender.Host.Recording;

internal static class RecordingServices
{
    public static IServiceCollection AddRecording(this IServiceCollection services)
    {
        services.AddSingleton<OutcomeStore>();
        services.AddSingleton<OutcomeWriter>();
        services.AddSingleton<OutcomeRecorder>();
        return services;
    }
}
