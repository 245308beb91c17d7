using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Tracking;
using CampaignSender.Host.Transport.Kafka;
using CampaignSender.Host.Transport.RabbitMq;
using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Transport;

internal static class TransportServices
{
    /// <summary>Posts on the wire are given up at the end of the drain; consumers end right after it.</summary>
    private static readonly TimeSpan AfterDrain = TimeSpan.FromSeconds(2);

    public static IServiceCollection AddTransport(this IServiceCollection services, BrokerType broker)
    {
        services.AddSingleton(provider => new CampaignSerializer(
            new MessageLimits
            {
                MaxContactIds = provider.GetRequiredService<IOptions<TransportOptions>>().Value.MaxContactIds,
            }
        ));
        services.AddSingleton(provider => new PagePlaces(
            broker is BrokerType.Kafka
                ? provider.GetRequiredService<IOptions<KafkaOptions>>().Value.PagesInWork
                : provider.GetRequiredService<IOptions<RabbitMqOptions>>().Value.PrefetchCount
        ));
        services.AddSingleton<DeadLetterNotes>();
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(health => health.Name = "broker");
            if (broker is BrokerType.Kafka)
            {
                bus.UseCampaignKafka();
            }
            else
            {
                bus.UseCampaignRabbitMq();
            }
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
        services.AddHostedService<LagPoller>();
        services.AddBrokerAccess(broker);
        return broker is BrokerType.Kafka
            ? services.AddSingleton<KafkaDeadLetterWriter>()
            : services
                .AddSingleton<PageLogScopeFilter>()
                .AddSingleton<ReturnToBrokerFilter>()
                .AddSingleton<ChannelWatch>()
                .AddSingleton<RabbitMqDeadLetterWriter>()
                .AddSingleton<DeadLetterFilter>()
                .AddSingleton<PageErrorPipeline>();
    }

    /// <summary>The same consumers for either broker: on the bus itself, or on the rider.</summary>
    public static void AddCampaignConsumers(this IRegistrationConfigurator registration)
    {
        registration.AddConsumer<CampaignsSendConsumer, CampaignsSendConsumerDefinition>();
        registration.AddConsumer<CampaignsControlConsumer, CampaignsControlConsumerDefinition>();
    }

    /// <inheritdoc cref="AddBrokerAccess(IServiceCollection, BrokerType)"/>
    public static IServiceCollection AddBrokerAccess(this IServiceCollection services, IConfiguration configuration) =>
        services.AddBrokerAccess(RunOptions.BrokerOf(configuration));

    /// <summary>What commands need of it: to publish and to look, and nothing that consumes.</summary>
    public static IServiceCollection AddBrokerAccess(this IServiceCollection services, BrokerType broker)
    {
        services.TryAddSingleton(TimeProvider.System);
        return broker is BrokerType.Kafka
            ? services
                .AddSingleton<KafkaClients>()
                .AddSingleton<KafkaProducer>()
                .AddSingleton<TopicProvisioner>()
                .AddPublisher<KafkaPublisher>()
                .AddSingleton<IBrokerLag, KafkaLag>()
                .AddSingleton<IDeadLetters, KafkaDeadLetterTopic>()
            : services
                .AddSingleton<RabbitMqConnections>()
                .AddPublisher<RabbitMqPublisher>()
                .AddSingleton<IBrokerLag, RabbitMqLag>()
                .AddSingleton<SingleModeQueue>()
                .AddSingleton<IDeadLetters, RabbitMqDeadLetterQueue>();
    }

    private static IServiceCollection AddPublisher<TPublisher>(this IServiceCollection services)
        where TPublisher : class, ITrackedPublisher, IControlPublisher, IPagePublisher =>
        services
            .AddSingleton<TPublisher>()
            .AddSingleton<ITrackedPublisher>(provider => provider.GetRequiredService<TPublisher>())
            .AddSingleton<IControlPublisher>(provider => provider.GetRequiredService<TPublisher>())
            .AddSingleton<IPagePublisher>(provider => provider.GetRequiredService<TPublisher>());
}
