using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CampaignSender.Host.Telemetry;

internal static class SenderEndpoints
{
    /// <summary>Whatever else is asked for is refused.</summary>
    private static readonly HttpMethodMetadata OnlyGet = new([HttpMethods.Get]);

    /// <summary>
    /// <c>/health</c>: the process lives. <c>/ready</c>: it consumes; 503 with the failing checks until then.
    /// <c>/metrics</c>: for Prometheus.
    /// </summary>
    public static void MapSenderEndpoints(this WebApplication application)
    {
        application.MapGet("/health", context => context.Response.WriteAsJsonAsync(new { status = "ok" }));
        application
            .MapHealthChecks(
                "/ready",
                new HealthCheckOptions
                {
                    Predicate = check => check.Tags.Contains("ready"),
                    ResponseWriter = WriteReport,
                    // A bus whose endpoints do not receive is degraded, and does not consume.
                    ResultStatusCodes = { [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable },
                }
            )
            .WithMetadata(OnlyGet);
        application.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(OnlyGet);
    }

    private static Task WriteReport(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(
            new
            {
                status = report.Status is HealthStatus.Healthy ? "ok" : "unavailable",
                failing = report
                    .Entries.Where(entry => entry.Value.Status is not HealthStatus.Healthy)
                    .ToDictionary(entry => entry.Key, entry => Explain(entry.Value)),
            },
            context.RequestAborted
        );

    private static string Explain(HealthReportEntry entry) =>
        string.Join(
            ": ",
            new[] { entry.Description, entry.Exception?.Message }.OfType<string>().DefaultIfEmpty("no answer")
        );
}
