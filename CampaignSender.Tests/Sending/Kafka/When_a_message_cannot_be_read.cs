using System.Text;
using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Replicas;
using Confluent.Kafka;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending.Kafka;

internal sealed class When_a_message_cannot_be_read : KafkaTest
{
    private static readonly byte[] NoText = [0xff, 0x00, 0xfe];

    private IProducer<byte[]?, byte[]?> _producer = null!;

    [SetUp]
    public void MakeProducer() =>
        _producer = new ProducerBuilder<byte[]?, byte[]?>(
            new ProducerConfig { BootstrapServers = Kafka.BootstrapServers, MessageMaxBytes = 10_000_000 }
        ).Build();

    [TearDown]
    public void EndProducer() => _producer.Dispose();

    [Test, CancelAfter(30_000)]
    public async Task Between_two_pages_it_is_dead_lettered_as_it_is_and_they_are_sent(
        CancellationToken cancellationToken
    )
    {
        var before = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        var after = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Publish(5, before, cancellationToken);
        var invalid = new Message<byte[]?, byte[]?>
        {
            Key = NoText,
            Value = [0xc3, 0x28, .. Encoding.UTF8.GetBytes("{")],
            Headers =
            [
                new Header("twice", Encoding.UTF8.GetBytes("first")),
                new Header("bytes", NoText),
                new Header("nothing", null),
                new Header("twice", Encoding.UTF8.GetBytes("second")),
            ],
        };
        await Produce(invalid, cancellationToken);
        await Publish(5, after, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);

        await Scene.WaitForReports(before, cancellationToken);
        await Scene.WaitForReports(after, cancellationToken);
        var letter = await DeadLetter(cancellationToken);

        AssertCopied(letter, invalid);
        await WaitForCommit(5, 3, cancellationToken);
        await Metrics.WaitFor(
            replica.Http,
            metrics =>
                metrics.Has("campaign_sender_consumer_lag") && metrics.Sum("campaign_sender_consumer_lag", "") == 0,
            cancellationToken
        );
        await Scene.AssertEverybodyGotOne(before, cancellationToken);
        await Scene.AssertEverybodyGotOne(after, cancellationToken);
    }

    [TestCase(null, TestName = "A_tombstone_stays_one")]
    [TestCase(0, TestName = "An_empty_one_stays_empty")]
    [TestCase(5_000_000, TestName = "One_of_5_MB_is_dead_lettered_whole")]
    [CancelAfter(30_000)]
    public async Task It_is_copied(int? length, CancellationToken cancellationToken)
    {
        var invalid = new Message<byte[]?, byte[]?> { Value = length is { } bytes ? new byte[bytes] : null };
        await Scene.StartReplica(cancellationToken);
        await Produce(invalid, cancellationToken);

        AssertCopied(await DeadLetter(cancellationToken), invalid);
        await WaitForCommit(5, 1, cancellationToken);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("no type at all;;")]
    [CancelAfter(30_000)]
    public async Task A_page_is_read_whatever_its_content_type_says(
        string? contentType,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);

        await Produce(
            new Message<byte[]?, byte[]?>
            {
                Value = MessageWriter.Write(plan.Pages().Single()),
                Headers =
                [
                    new Header("content-type", contentType is null ? null : Encoding.UTF8.GetBytes(contentType)),
                ],
            },
            cancellationToken
        );

        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    private static void AssertCopied(Message<byte[]?, byte[]?> letter, Message<byte[]?, byte[]?> original)
    {
        var headers = letter.Headers.Select(header => (header.Key, Value: header.GetValueBytes())).ToList();
        var originals = original.Headers?.Select(header => (header.Key, Value: header.GetValueBytes())).ToList() ?? [];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(letter.Key, Is.EqualTo(original.Key));
            Assert.That(letter.Value is null, Is.EqualTo(original.Value is null), "a tombstone");
            Assert.That(letter.Value.AsSpan().SequenceEqual(original.Value), "the value as it came");
            Assert.That(headers.Take(originals.Count), Is.EqualTo(originals));
            Assert.That(
                headers
                    .Skip(originals.Count)
                    .ToDictionary(each => each.Key, each => Encoding.UTF8.GetString(each.Value)),
                Is.EqualTo(
                    new Dictionary<string, string>
                    {
                        [MessageHeaderNames.DeadLetterReason] = "malformed_payload",
                        [MessageHeaderNames.OriginalTopic] = Topics.Send,
                        [MessageHeaderNames.DeliveryAttempt] = "1",
                    }
                )
            );
        }
    }

    private async Task Produce(Message<byte[]?, byte[]?> message, CancellationToken cancellationToken) =>
        await _producer.ProduceAsync(new TopicPartition(Topics.Send, 5), message, cancellationToken);

    private async Task<Message<byte[]?, byte[]?>> DeadLetter(CancellationToken cancellationToken)
    {
        using var reader = new KafkaReader(
            Kafka.BootstrapServers,
            Enumerable
                .Range(0, 3)
                .ToDictionary(partition => new TopicPartition(Topics.SendDeadLetters, partition), _ => Offset.Beginning)
        );
        return await reader.WaitForNext(cancellationToken);
    }
}
