using CampaignSender.Host.Configuration;
using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host;

/// <summary>The service: a web application for its three endpoints, and everything else beside it.</summary>
internal static class SenderApplication
{
    /// <param name="settings">Configuration keys that win over every other source; for tests.</param>
    /// <exception cref="InvalidConfigurationException">A setting is missing or wrong.</exception>
    public static WebApplication Build(IReadOnlyCollection<KeyValuePair<string, string?>> settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddCampaignSenderEnvironment();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.AddSenderLogging();
        builder.Services.AddCampaignSender(builder.Configuration);
        builder.WebHost.ConfigureKestrel(
            (_, kestrel) =>
                kestrel.ListenAnyIP(kestrel.ApplicationServices.GetRequiredService<IOptions<RunOptions>>().Value.Port)
        );
        var application = builder.Build();
        application.MapSenderEndpoints();
        return application;
    }
}
