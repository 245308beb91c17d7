using CampaignSender.Host.Transport.Kafka;
using NUnit.Framework;

namespace CampaignSender.Tests.Transport.Kafka;

internal sealed class When_statistics_are_read
{
    [TestCase("""{"brokers":{"a:9092/1":{"state":"DOWN"},"b:9092/2":{"state":"UP"}}}""", true)]
    [TestCase("""{"brokers":{"a:9092/1":{"state":"TRY_CONNECT"}}}""", false)]
    [TestCase("""{"brokers":{}}""", false)]
    [TestCase("{}", false)]
    public void A_client_is_connected_to_any_broker_that_is_up(string statistics, bool isConnected)
    {
        using var client = KafkaStatistics.Parse(statistics);

        Assert.That(client.IsConnected, Is.EqualTo(isConnected));
    }

    // -1 is the client's own place for messages without a partition.
    [TestCase("pages", "active", true)]
    [TestCase("pages", "offset-wait", false)]
    [TestCase("others", "active", false)]
    public void It_fetches_where_a_partition_of_the_topic_is_active(string topic, string state, bool isFetching)
    {
        using var client = KafkaStatistics.Parse(
            $$$"""
            {"topics":{"{{{topic}}}":{"partitions":{
              "0": {"fetch_state":"none"},
              "1": {"fetch_state":"{{{state}}}"},
              "-1": {"fetch_state":"none"}
            } } } }
            """
        );

        Assert.That(client.IsFetching("pages"), Is.EqualTo(isFetching));
    }

    [Test]
    public void Without_any_topic_nothing_is_fetched()
    {
        using var client = KafkaStatistics.Parse("{}");

        Assert.That(client.IsFetching("pages"), Is.False);
    }
}
