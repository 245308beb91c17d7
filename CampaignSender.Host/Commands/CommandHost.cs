using CampaignSender.Host.Configuration;
using CampaignSender.Host.Telemetry;

namespace CampaignSender.Host.Commands;

/// <summary>What a command that is not the service itself runs in: the same settings and the same log.</summary>
internal static class CommandHost
{
    public static HostApplicationBuilder Builder()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddCampaignSenderEnvironment();
        builder.Logging.AddSenderLogging();
        builder.Services.AddCampaignSenderOptions(builder.Configuration);
        return builder;
    }
}
