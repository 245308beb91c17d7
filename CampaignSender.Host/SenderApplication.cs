using System.Net;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host;

/// <summary>The service: a web application for its three endpoints, and everything else beside it.</summary>
internal static class SenderApplication
{
    /// <param name="adapt">Has the last word on configuration and logging, and may bring a clock; for tests.</param>
    /// <exception cref="InvalidConfigurationException">A setting is missing or wrong.</exception>
    public static WebApplication Build(Action<WebApplicationBuilder>? adapt = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddCampaignSenderEnvironment();
        builder.Logging.AddSenderLogging();
        adapt?.Invoke(builder);
        builder.Services.AddCampaignSender(builder.Configuration);
        builder.WebHost.ConfigureKestrel((_, kestrel) => Listen(kestrel));
        var application = builder.Build();
        // Before anything is resolved that would fail at the first wrong setting instead of naming them all.
        application.Services.GetRequiredService<IStartupValidator>().Validate();
        application.MapSenderEndpoints();
        return application;
    }

    private static void Listen(KestrelServerOptions kestrel)
    {
        var run = kestrel.ApplicationServices.GetRequiredService<IOptions<RunOptions>>().Value;
        var address = IPAddress.Parse(run.ListenAddress);
        if (address.Equals(IPAddress.IPv6Any))
        {
            // Unlike the address itself, this works on machines without IPv6 too.
            kestrel.ListenAnyIP(run.Port);
        }
        else
        {
            kestrel.Listen(address, run.Port);
        }
    }
}
