using System.Text;
using CampaignSender.Host.Transport.Kafka;
using Confluent.Kafka;
using NUnit.Framework;

namespace CampaignSender.Tests.Transport.Kafka;

internal sealed class When_a_dead_letter_is_produced_again
{
    /// <summary>A topic may have each message stamped by the broker, and the client produces no message with such a time.</summary>
    [Test]
    public void It_keeps_all_but_the_brokers_time()
    {
        var letter = new Message<byte[]?, byte[]?>
        {
            Key = "key"u8.ToArray(),
            Value = "body"u8.ToArray(),
            Headers = new Headers { { "failure-reason", Encoding.UTF8.GetBytes("no_inbox") } },
            Timestamp = new Timestamp(1, TimestampType.LogAppendTime),
        };

        var again = KafkaDeadLetterTopic.Anew(letter);

        Assert.That(again.Timestamp, Is.EqualTo(Timestamp.Default));
        Assert.That(again.Key, Is.SameAs(letter.Key));
        Assert.That(again.Value, Is.SameAs(letter.Value));
        Assert.That(again.Headers, Is.SameAs(letter.Headers));
    }
}
