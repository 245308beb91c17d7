using MassTransit.Logging;
using MassTransit.Monitoring;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CampaignSender.Host.Telemetry;

internal static class TelemetryServices
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static IServiceCollection AddSenderTelemetry(this IServiceCollection services)
    {
        services.AddSingleton<SenderMetrics>();
        var telemetry = services
            .AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(SenderMetrics.MeterName, InstrumentationOptions.MeterName, "Npgsql", "System.Net.Http")
                    .AddRuntimeInstrumentation()
                    .AddPrometheusExporter()
            );

        // The exporter reads this variable itself; without it nobody listens, and spans would cost for nothing.
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(OtlpEndpoint)))
        {
            telemetry
                .WithTracing(traces =>
                    traces.AddSource(DiagnosticHeaders.DefaultListenerName).AddHttpClientInstrumentation().AddNpgsql()
                )
                .UseOtlpExporter();
        }

        return services;
    }
}
