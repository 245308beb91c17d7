using Microsoft.Extensions.Logging.Console;

namespace CampaignSender.Host.Telemetry;

internal static class SenderLogging
{
    /// <summary>JSON lines for machines, readable ones on a terminal; both with the page's correlation id.</summary>
    public static ILoggingBuilder AddSenderLogging(this ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddFilter("Npgsql", LogLevel.Warning);
        // A message that failed is logged where it is dead-lettered or discarded, a failing check is what /ready answers.
        logging.AddFilter("MassTransit.ReceiveTransport", LogLevel.None);
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // Of two rules for one category the later holds: the operator's.
        logging.AddConfiguration(configuration.GetSection("Logging"));
        if (Console.IsOutputRedirected)
        {
            logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.IncludeScopes = true;
                console.SingleLine = true;
                console.ColorBehavior = LoggerColorBehavior.Enabled;
                console.TimestampFormat = "HH:mm:ss ";
            });
        }

        return logging;
    }
}
