using System.Diagnostics.Metrics;
using MassTransit.Logging;
using MassTransit.Monitoring;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CampaignSender.Host.Telemetry;

internal static class TelemetryServices
{
    /// <summary>RabbitMQ.Client's own source: its delivery joins the producer's trace, and MassTransit's span joins it.</summary>
    private const string RabbitMqDeliveries = "RabbitMQ.Client.Subscriber";

    private const string ServiceName = "campaign-sender";

    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Of an instrument; further ones are summed up under <c>otel.metric.overflow</c>.</summary>
    private const int MostSeries = 100;

    /// <summary>The lag is the one instrument with a series for each partition.</summary>
    private const int MostPartitions = 2_000;

    public static IServiceCollection AddSenderTelemetry(this IServiceCollection services)
    {
        services.AddSingleton<SenderMetrics>();
        services.AddSingleton<PageTracing>();
        var telemetry = services
            .AddOpenTelemetry()
            // With an id of this process. Read once more, OpenTelemetry's own variables have the last word.
            .ConfigureResource(resource => resource.AddService(ServiceName).AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(SenderMetrics.MeterName, InstrumentationOptions.MeterName, "Npgsql", "System.Net.Http")
                    .AddRuntimeInstrumentation()
                    .AddView(LimitSeries)
                    .AddPrometheusExporter()
            );

        // The exporter reads this variable itself; without it nobody listens, and spans would cost for nothing.
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(OtlpEndpoint)))
        {
            telemetry
                .WithMetrics(metrics => metrics.SetExemplarFilter(ExemplarFilterType.TraceBased))
                .WithTracing(traces =>
                    traces
                        .AddSource(DiagnosticHeaders.DefaultListenerName, RabbitMqDeliveries, PageTracing.SourceName)
                        .AddHttpClientInstrumentation(http => http.FilterHttpRequestMessage = PageTracing.IsTraced)
                        .AddNpgsql()
                )
                .WithLogging(
                    configureBuilder: null,
                    logs =>
                    {
                        // The lines that runbooks search for, and the page that they belong to.
                        logs.IncludeFormattedMessage = true;
                        logs.IncludeScopes = true;
                    }
                )
                .UseOtlpExporter();
        }

        return services;
    }

    // Room for all series of an instrument is taken at its start: 200 KB each with the SDK's own limit.
    private static MetricStreamConfiguration LimitSeries(Instrument instrument) =>
        // Recorded with each request, of which the sender's own tell more.
        instrument.Name
            is "http.client.request.duration"
                or "http.client.active_requests"
                or "http.client.open_connections"
            ? MetricStreamConfiguration.Drop
            : new()
            {
                CardinalityLimit = instrument.Name == SenderMetrics.ConsumerLagName ? MostPartitions : MostSeries,
            };
}
