using CampaignSender.Contracts;
using MassTransit;

namespace CampaignSender.Host.Transport.Kafka;

internal static class KafkaRiderRegistration
{
    /// <summary>
    /// Lets the bus consume from Kafka: pages in the shared group, control messages by every replica. The bus itself runs
    /// in memory; it only carries the serializer, the consumers' pipelines and the rider's start, stop and health.
    /// </summary>
    public static void UseCampaignKafka(this IBusRegistrationConfigurator bus)
    {
        bus.UsingInMemory(
            (context, memory) =>
            {
                var serializer = context.GetRequiredService<CampaignSerializer>();
                memory.ClearSerialization();
                memory.AddSerializer(serializer);
                memory.AddDeserializer(serializer, isDefault: true);
            }
        );
        bus.AddRider(rider =>
        {
            rider.AddCampaignConsumers();
            rider.UsingCampaignKafka(kafka =>
            {
                kafka.Pages<CampaignsSendConsumer>(Topics.Send);
                kafka.EveryReplica<CampaignsControlConsumer>(Topics.Control);
            });
        });
    }

    public static void UsingCampaignKafka(
        this IRiderRegistrationConfigurator rider,
        Action<KafkaRiderConfigurator> configure
    ) => rider.SetRiderFactory(new KafkaRiderFactory(configure));
}
