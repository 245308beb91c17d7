using System.Text;
using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Servers;
using Confluent.Kafka;
using NUnit.Framework;

namespace CampaignSender.Tests.Servers;

/// <summary>What the sandbox publishes and sees, as a sender and a tracker would.</summary>
public sealed class When_campaigns_are_on_Kafka
{
    private LocalServers _servers = null!;
    private KafkaServer _kafka = null!;
    private KafkaCampaignBroker _broker = null!;

    [OneTimeSetUp]
    public async Task Start() =>
        _servers = await LocalServers.Start(ServerNeeds.Kafka, new TestServerLog(), CancellationToken.None);

    [OneTimeTearDown]
    public async Task Stop() => await _servers.DisposeAsync();

    [SetUp]
    public async Task Connect()
    {
        _kafka = await _servers.Kafka.Fresh(OldSenderTopics.All, CancellationToken.None);
        _broker = await KafkaCampaignBroker.Connect(_kafka.BootstrapServers, CancellationToken.None);
    }

    [TearDown]
    public async Task Disconnect()
    {
        await _broker.DisposeAsync();
        await _kafka.DisposeAsync();
    }

    [Test, CancelAfter(20_000)]
    public async Task A_page_has_no_key_and_the_headers_of_evo_flow(CancellationToken cancellationToken)
    {
        var page = new CampaignPlan { ContactIds = CampaignPlan.NewContacts(3) }
            .Pages()
            .Single();

        await _broker.Publish(page, cancellationToken);

        using var reader = Reader(Topics.Send);
        var message = await reader.WaitForNext(cancellationToken);
        var headers = BrokerMessage.From(message).Headers;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(message.Key, Is.Null);
            Assert.That(message.Value, Is.EqualTo(MessageWriter.Write(page)));
            Assert.That(Guid.TryParse(headers[MessageHeaderNames.CorrelationId], out _));
            Assert.That(Guid.TryParse(headers[MessageHeaderNames.MessageId], out _));
            Assert.That(headers["content-type"], Is.EqualTo("application/json"));
        }
    }

    [Test, CancelAfter(20_000)]
    public async Task Pages_go_to_all_partitions(CancellationToken cancellationToken)
    {
        var plan = new CampaignPlan { ContactIds = CampaignPlan.NewContacts(200), PageSize = 1 };

        foreach (var page in plan.Pages())
        {
            await _broker.Publish(page, cancellationToken);
        }

        using var group = KafkaGroup.Join(_kafka.BootstrapServers, Topics.Send, members: 1);
        await group.Receive(plan.PageCount, cancellationToken);
        Assert.That(group.Partitions, Is.EquivalentTo(Enumerable.Range(0, OldSenderTopics.PagePartitions)));
    }

    [Test, CancelAfter(20_000)]
    public async Task Pages_wait_until_the_sender_has_committed_them(CancellationToken cancellationToken)
    {
        for (var partition = 0; partition < 3; partition++)
        {
            await _broker.Publish(Topics.Send, partition, "{}"u8.ToArray(), cancellationToken);
            await _broker.Publish(Topics.Send, partition, "{}"u8.ToArray(), cancellationToken);
        }

        Assert.That(await _broker.CountWaitingPages(cancellationToken), Is.EqualTo(6));

        using var sender = KafkaGroup.Join(_kafka.BootstrapServers, Topics.Send, members: 1, KafkaCampaignBroker.Group);
        await sender.Receive(6, cancellationToken);
        sender.Commit(new TopicPartitionOffset(Topics.Send, 0, 2));
        sender.Commit(new TopicPartitionOffset(Topics.Send, 1, 1));

        Assert.That(await _broker.CountWaitingPages(cancellationToken), Is.EqualTo(3));
    }

    [Test, CancelAfter(20_000)]
    public async Task Dead_letters_are_counted_and_taken_one_by_one(CancellationToken cancellationToken)
    {
        Assert.That(await _broker.CountDeadLetters(cancellationToken), Is.Zero);
        var first = _broker.TakeDeadLetter(cancellationToken);

        await PublishDeadLetter("{ oops", cancellationToken);
        await PublishDeadLetter("{ again", cancellationToken);

        var letter = await first;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Encoding.UTF8.GetString(letter.Body), Is.EqualTo("{ oops"));
            Assert.That(letter.Headers[MessageHeaderNames.DeadLetterReason], Is.EqualTo("malformed_payload"));
        }

        Assert.That(await _broker.CountDeadLetters(cancellationToken), Is.EqualTo(1));
        Assert.That(
            Encoding.UTF8.GetString((await _broker.TakeDeadLetter(cancellationToken)).Body),
            Is.EqualTo("{ again")
        );
        Assert.That(await _broker.CountDeadLetters(cancellationToken), Is.Zero);
    }

    [Test, CancelAfter(20_000)]
    public async Task Reports_are_heard_from_the_moment_of_listening(CancellationToken cancellationToken)
    {
        var campaign = Guid.NewGuid();
        await _broker.Publish(Topics.Tracked, Report(campaign, 1), cancellationToken);
        var reports = await _broker.ListenToReports(cancellationToken);

        await _broker.Publish(Topics.Tracked, Report(campaign, 2), cancellationToken);
        await _broker.Publish(Topics.Tracked, Report(campaign, 3), cancellationToken);
        await reports.WaitForPages(campaign, 2, cancellationToken);

        Assert.That(reports.All.Select(report => report.Page), Is.EquivalentTo([2, 3]));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_report_that_breaks_its_contract_ends_the_wait_for_reports(CancellationToken cancellationToken)
    {
        var reports = await _broker.ListenToReports(cancellationToken);
        var wait = reports.WaitForReceived(1, cancellationToken);

        await _broker.Publish(Topics.Tracked, "{}"u8.ToArray(), cancellationToken);

        await Assert.ThatAsync(
            () => wait,
            Throws.InvalidOperationException.With.InnerException.InstanceOf<InvalidMessageException>()
        );
    }

    [Test, CancelAfter(20_000)]
    public async Task A_body_of_10_MB_is_carried(CancellationToken cancellationToken)
    {
        var body = new byte[10_000_000];

        await _broker.Publish(Topics.Send, body, cancellationToken);

        using var reader = Reader(Topics.Send);
        Assert.That((await reader.WaitForNext(cancellationToken)).Value, Has.Length.EqualTo(body.Length));
    }

    private async Task PublishDeadLetter(string body, CancellationToken cancellationToken)
    {
        using var sender = KafkaMessages.Producer(_kafka.BootstrapServers);
        var letter = KafkaMessages.Text(body);
        letter.Headers = [new Header(MessageHeaderNames.DeadLetterReason, "malformed_payload"u8.ToArray())];
        await sender.ProduceAsync(new TopicPartition(Topics.SendDeadLetters, 1), letter, cancellationToken);
    }

    private KafkaReader Reader(string topic) =>
        new(
            _kafka.BootstrapServers,
            OldSenderTopics
                .All.Where(known => known.Name == topic)
                .SelectMany(known => Enumerable.Range(0, known.Partitions))
                .ToDictionary(partition => new TopicPartition(topic, partition), _ => Offset.Beginning)
        );

    private static byte[] Report(Guid campaign, int page) =>
        MessageWriter.Write(
            new CampaignsTracked
            {
                CampaignId = campaign,
                Page = page,
                SentCount = 1,
                FailedCount = 0,
                Completed = false,
                CorrelationId = Guid.NewGuid(),
            }
        );
}
