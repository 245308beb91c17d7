using CampaignSender.Contracts;
using CampaignSender.Host;
using CampaignSender.Host.Transport;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Stages;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>What is promised of <see cref="IBrokerLag"/>, whichever broker it asks.</summary>
[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_the_lag_is_measured(BrokerKind broker) : SendingTest(broker)
{
    private readonly BrokerKind _broker = broker;
    private WebApplication _idle = null!;

    [SetUp]
    public void BuildAReplica() =>
        _idle = SenderApplication.Build(builder =>
        {
            builder.Configuration.AddInMemoryCollection(Scene.Settings());
            builder.Logging.ClearProviders();
        });

    [TearDown]
    public async Task EndIt() => await _idle.DisposeAsync();

    [Test, CancelAfter(30_000)]
    public async Task It_is_zero_where_nothing_was_ever_published(CancellationToken cancellationToken) =>
        Assert.That(await Measure(cancellationToken), Is.Zero);

    [Test, CancelAfter(30_000)]
    public async Task It_counts_what_was_published_before_anybody_consumed(CancellationToken cancellationToken)
    {
        await Publish(7, cancellationToken);

        Assert.That(await Measure(cancellationToken), Is.EqualTo(7));
        await Publish(4, cancellationToken);
        Assert.That(await Measure(cancellationToken), Is.EqualTo(11));
    }

    [Test, CancelAfter(30_000)]
    public async Task It_returns_to_zero_when_all_is_acknowledged(CancellationToken cancellationToken)
    {
        await Publish(5, cancellationToken);
        await Scene.StartReplica(cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);

        Assert.That(await Measure(cancellationToken), Is.Zero);
        await Publish(3, cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);
        Assert.That(await Measure(cancellationToken), Is.Zero);
    }

    [Test, CancelAfter(30_000)]
    public async Task It_says_of_which_topic(CancellationToken cancellationToken)
    {
        var lag = await Lag.Measure(cancellationToken);

        Assert.That(lag.Select(each => each.Topic), Is.All.EqualTo(Topics.Send));
        Assert.That(
            lag.Select(each => each.Partition),
            _broker is BrokerKind.Kafka
                ? Is.EquivalentTo(Enumerable.Range(0, OldSenderTopics.PagePartitions))
                : Is.EqualTo(new int?[] { null })
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task Measuring_without_a_break_disturbs_nobody(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 200, pageSize: 10, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);

        var sent = Scene.WaitForReports(plan, cancellationToken);
        while (!sent.IsCompleted)
        {
            await Measure(cancellationToken);
        }

        await Scene.WaitForAcknowledgement(cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Scene.Reports.All, Has.Count.EqualTo(plan.PageCount), "no page was delivered twice");
            Assert.That(replica.Log.All.Select(line => line.Text), Has.None.Contains("go to another replica"));
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task After_a_failure_it_is_measured_again(CancellationToken cancellationToken)
    {
        await Publish(2, cancellationToken);
        await Measure(cancellationToken);
        await Break(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        await Assert.ThatAsync(() => Measure(limit.Token), Throws.Exception);

        await Mend(cancellationToken);

        Assert.That(await MeasureAtLast(cancellationToken), Is.EqualTo(_broker is BrokerKind.Kafka ? 2 : 0));
    }

    private IBrokerLag Lag => _idle.Services.GetRequiredService<IBrokerLag>();

    private async Task Break(CancellationToken cancellationToken)
    {
        if (Scene.Kafka is { } kafka)
        {
            await kafka.Stop(cancellationToken);
            return;
        }

        await (await SharedServers.RabbitMq()).DeleteQueues([Queues.Send], cancellationToken);
    }

    private async Task Mend(CancellationToken cancellationToken)
    {
        if (Scene.Kafka is { } kafka)
        {
            await kafka.Start(cancellationToken);
            return;
        }

        await OldSenderTopology.Declare((await SharedServers.RabbitMq()).Url, cancellationToken);
    }

    private async Task<long> Measure(CancellationToken cancellationToken) =>
        (await Lag.Measure(cancellationToken)).Sum(each => each.Messages);

    /// <summary>As the poller does: one that fails is followed by another.</summary>
    private async Task<long> MeasureAtLast(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await Measure(cancellationToken);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Not yet.
            }
        }
    }

    private async Task Publish(int messages, CancellationToken cancellationToken)
    {
        for (var count = 0; count < messages; count++)
        {
            await Scene.Broker.Publish(Topics.Send, "{}"u8.ToArray(), cancellationToken);
        }
    }
}
