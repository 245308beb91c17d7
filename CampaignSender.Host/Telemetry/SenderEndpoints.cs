using CampaignSender.Host.Validation;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CampaignSender.Host.Telemetry;

internal static class SenderEndpoints
{
    /// <summary>
    /// <c>/health</c>: the process lives. <c>/ready</c>: it consumes; 503 with the failing checks until then.
    /// <c>/metrics</c>: for Prometheus. Middleware each: for three paths, routing costs more than it does.
    /// </summary>
    public static void UseSenderEndpoints(this WebApplication application)
    {
        application.Use(RefuseAllButGet);
        application.UseHealthChecks(
            "/health",
            new HealthCheckOptions { Predicate = static _ => false, ResponseWriter = WriteLife }
        );
        application.UseHealthChecks(
            "/ready",
            new HealthCheckOptions
            {
                Predicate = static check => check.Tags.Contains("ready"),
                ResponseWriter = WriteReport,
                // A bus whose endpoints do not receive is degraded, and does not consume.
                ResultStatusCodes = { [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable },
            }
        );
        application.UseOpenTelemetryPrometheusScrapingEndpoint("/metrics");
    }

    private static Task RefuseAllButGet(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsGet(context.Request.Method))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = HttpMethods.Get;
        return Task.CompletedTask;
    }

    private static Task WriteLife(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(new { status = "ok" }, context.RequestAborted);

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

    private static string Explain(HealthReportEntry entry)
    {
        var cause = entry.Exception is { } exception ? FaultLog.CauseOf(exception) : null;
        return string.Join(": ", new[] { entry.Description, cause }.OfType<string>().DefaultIfEmpty("no answer"));
    }
}
