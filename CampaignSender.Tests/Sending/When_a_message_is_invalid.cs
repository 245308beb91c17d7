using System.Text;
using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Stages;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_a_message_is_invalid(BrokerKind broker) : SendingTest(broker)
{
    private static readonly string Valid = Encoding.UTF8.GetString(
        MessageWriter.Write(
            new CampaignPlan { ContactIds = CampaignPlan.NewContacts(3) }
                .Pages()
                .Single()
        )
    );

    [TestCaseSource(nameof(Bodies))]
    [CancelAfter(30_000)]
    public async Task It_ends_in_the_dead_letter_queue_with_its_body_intact(
        byte[] body,
        CancellationToken cancellationToken
    )
    {
        await Scene.StartReplica(cancellationToken);

        await Scene.Broker.Publish(Topics.Send, body, cancellationToken);

        var letter = await Scene.Broker.TakeDeadLetter(cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(letter.Body.AsSpan().SequenceEqual(body), "the body as it came");
            Assert.That(letter.Headers[MessageHeaderNames.DeadLetterReason], Is.EqualTo("malformed_payload"));
            Assert.That(letter.Headers[MessageHeaderNames.OriginalTopic], Is.EqualTo(Topics.Send));
            Assert.That(letter.Headers[MessageHeaderNames.DeliveryAttempt], Is.EqualTo("1"));
            Assert.That(letter.Headers, Contains.Key(MessageHeaderNames.MessageId), "the producer's own headers");
            Assert.That(Scene.Crm.RequestCount, Is.Zero);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Many_of_them_among_valid_pages_block_nothing(CancellationToken cancellationToken)
    {
        const int Invalid = 100;
        var random = new Random(20_261_124);
        var plan = await Prepare(contacts: 100, pageSize: 10, cancellationToken);
        await Scene.StartReplica(cancellationToken);

        for (var count = 0; count < Invalid; count++)
        {
            var body = new byte[random.Next(0, 20_000)];
            random.NextBytes(body);
            await Scene.Broker.Publish(Topics.Send, body, cancellationToken);
        }

        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(await Scene.Broker.CountDeadLetters(cancellationToken), Is.EqualTo(Invalid));
    }

    private static IEnumerable<TestCaseData> Bodies()
    {
        yield return Case("nothing at all", []);
        yield return Case("no JSON", "{ oops"u8);
        yield return Case("random bytes", RandomBytes(1_000));
        yield return Case("10 MB of random bytes", RandomBytes(10_000_000));
        yield return Case("10 MB of opening brackets", [.. Enumerable.Repeat((byte)'[', 10_000_000)]);
        yield return Case("another JSON value", "\"campaign\""u8);
        yield return Case("an empty object", "{}"u8);
        yield return Case("a byte order mark", [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Valid)]);
        yield return Case("trailing garbage", Encoding.UTF8.GetBytes(Valid + "x"));
        yield return Case("an unknown property", Changed("\"page\":1", "\"page\":1,\"extra\":true"));
        yield return Case("a missing field", Changed("\"page\":1,", ""));
        yield return Case("a wrong type", Changed("\"page\":1", "\"page\":\"1\""));
        yield return Case("a page after the last", Changed("\"page\":1", "\"page\":2"));
        yield return Case("an id that is no uuid", Changed("\"contactIds\":[\"", "\"contactIds\":[\"7"));
        yield return Case("no contacts", Changed("\"contactIds\":[", "\"contactIds\":[],\"ids\":["));
        yield return Case("an unknown channel", Changed("\"whatsapp\"", "\"pigeon\""));
        yield return Case("deep nesting", Changed("\"page\":1", $"\"page\":{Nested(200)}"));
    }

    private static TestCaseData Case(string name, ReadOnlySpan<byte> body) =>
        new TestCaseData(body.ToArray()).SetName($"It_ends_in_the_dead_letter_queue_with_its_body_intact({name})");

    private static byte[] Changed(string part, string replacement)
    {
        var changed = Valid.Replace(part, replacement, StringComparison.Ordinal);
        Assert.That(changed, Is.Not.EqualTo(Valid));
        return Encoding.UTF8.GetBytes(changed);
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
