using MassTransit.Logging;
using MassTransit.Monitoring;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CampaignSender.Host.Telemetry;

internal static class TelemetryServices
{
    /// <summary>RabbitMQ.Client's own source: its delivery joins the producer's trace, and MassTransit's span joins it.</summary>
    private const string RabbitMqDeliveries = "RabbitMQ.Client.Subscriber";

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
                    traces
                        .AddSource(DiagnosticHeaders.DefaultListenerName, RabbitMqDeliveries)
                        .AddHttpClientInstrumentation()
                        .AddNpgsql()
                )
                .UseOtlpExporter();
        }

        return services;
    }
}
