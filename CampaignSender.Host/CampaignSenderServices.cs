using CampaignSender.Host.Attempts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Claiming;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Database;
using CampaignSender.Host.Pacing;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Recording;
using CampaignSender.Host.Safety;
using CampaignSender.Host.Suppression;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Tracking;
using CampaignSender.Host.Transport;
using CampaignSender.Host.Windows;

namespace CampaignSender.Host;

internal static class CampaignSenderServices
{
    /// <summary>Room by room, in the order in which a page travels.</summary>
    public static IServiceCollection AddCampaignSender(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCampaignSenderOptions(configuration);
        services.AddSenderTelemetry();
        services.AddDatabase();
        services.AddTransport(RunOptions.BrokerOf(configuration));
        services.AddAttempts();
        services.AddCampaigns();
        services.AddWindows();
        services.AddSuppression();
        services.AddClaiming();
        services.AddPacing();
        services.AddCrm();
        services.AddSafety();
        services.AddRecording();
        services.AddTracking();
        services.AddParking();
        services.AddSingleton<PageDispatch>();
        services.AddSingleton<CampaignSendFlow>();
        services.AddStartAndStop();
        return services;
    }
}
