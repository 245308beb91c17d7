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
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddCampaignSenderSources();
        builder.Logging.AddSenderLogging(builder.Configuration);
        adapt?.Invoke(builder);
        builder.Services.AddCampaignSender(builder.Configuration);
        builder.WebHost.UseKestrelCore().ConfigureKestrel((_, kestrel) => Listen(kestrel));
        var application = builder.Build();
        // Before anything is resolved that would fail at the first wrong setting instead of naming them all.
        application.Services.GetRequiredService<IStartupValidator>().Validate();
        application.UseSenderEndpoints();
        return application;
    }

    private static void Listen(KestrelServerOptions kestrel)
    {
        Limit(kestrel);
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

    // Probes and scrapes are a few lines without a body, from a few clients.
    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxRequestLineSize = 2 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxConcurrentConnections = 100;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
    }
}
