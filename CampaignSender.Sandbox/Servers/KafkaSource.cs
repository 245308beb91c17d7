using CampaignSender.Sandbox.Servers.Containers;
using CampaignSender.Sandbox.Servers.Mocks;

namespace CampaignSender.Sandbox.Servers;

/// <summary>Decides where Kafka comes from. There always is one.</summary>
internal static class KafkaSource
{
    public const string Variable = "CAMPAIGN_SENDER_TEST_KAFKA";

    public static async Task<KafkaServer> Start(
        IServerLog log,
        Surroundings surroundings,
        CancellationToken cancellationToken
    ) =>
        await SuppliedKafka.Take(log, surroundings, cancellationToken)
        ?? await KafkaContainerStart.Run(log, surroundings, cancellationToken)
        ?? MockKafka.Start(log);
}
