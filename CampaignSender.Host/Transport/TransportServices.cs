using CampaignSender.Contracts;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Tracking;
using CampaignSender.Host.Transport.RabbitMq;
using MassTransit;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Transport;

internal static class TransportServices
{
    /// <summary>Posts on the wire are given up at the end of the drain; consumers end right after it.</summary>
    private static readonly TimeSpan AfterDrain = TimeSpan.FromSeconds(2);

    public static IServiceCollection AddTransport(this IServiceCollection services)
    {
        services
            .AddOptions<RunOptions>()
            .Validate(
                run => run.BrokerType is BrokerType.RabbitMq,
                EnvironmentVariables
                    .Named("BROKER_TYPE")
                    .Disagreeing("rabbitmq, the only broker of this version", "Set it to rabbitmq, or remove it.")
            );
        services.AddSingleton(provider => new CampaignSerializer(
            new MessageLimits
            {
                MaxContactIds = provider.GetRequiredService<IOptions<TransportOptions>>().Value.MaxContactIds,
            }
        ));
        services.AddSingleton<PageLogScopeFilter>();
        services.AddSingleton<ReturnToBrokerFilter>();
        services.AddSingleton<DeadLetterFilter>();
        services.AddSingleton<PageErrorPipeline>();
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(health => health.Name = "broker");
            bus.AddConsumer<CampaignsSendConsumer, CampaignsSendConsumerDefinition>();
            bus.AddConsumer<CampaignsControlConsumer, CampaignsControlConsumerDefinition>();
            bus.UseCampaignRabbitMq();
        });
        services
            .AddOptions<MassTransitHostOptions>()
            .Configure<IOptions<ShutdownOptions>>(
                (bus, shutdown) =>
                {
                    bus.ConsumerStopTimeout = shutdown.Value.DrainTimeout + AfterDrain;
                    bus.StopTimeout = shutdown.Value.DrainTimeout + AfterDrain;
                }
            );
        // The bus starts after the migration, see SenderStart.
        services.RemoveMassTransitHostedService();
        services.AddSingleton<RabbitMqPublisher>();
        services.AddSingleton<ITrackedPublisher>(provider => provider.GetRequiredService<RabbitMqPublisher>());
        services.AddSingleton<IPagePublisher>(provider => provider.GetRequiredService<RabbitMqPublisher>());
        services.AddSingleton<IBrokerLag, RabbitMqLag>();
        services.AddHostedService<LagPoller>();
        return services;
    }
}
