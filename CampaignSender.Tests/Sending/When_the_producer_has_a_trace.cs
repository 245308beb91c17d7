using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using CampaignSender.Contracts;
using CampaignSender.Sandbox.Stages;
using Confluent.Kafka;
using MassTransit.Logging;
using NUnit.Framework;
using RabbitMQ.Client;

namespace CampaignSender.Tests.Sending;

[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_the_producer_has_a_trace(BrokerKind broker) : SendingTest(broker)
{
    private readonly ConcurrentQueue<Activity> _activities = new();
    private ActivityListener _listener = null!;

    [SetUp]
    public void Listen()
    {
        _activities.Clear();
        _listener = new ActivityListener
        {
            ShouldListenTo = source =>
                source.Name is DiagnosticHeaders.DefaultListenerName or "RabbitMQ.Client.Subscriber",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _activities.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [TearDown]
    public void StopListening() => _listener.Dispose();

    [Test, CancelAfter(30_000)]
    public async Task The_page_belongs_to_it(CancellationToken cancellationToken)
    {
        var trace = ActivityTraceId.CreateRandom();
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        await Scene.StartReplica(cancellationToken);

        await Publish(
            MessageWriter.Write(plan.Pages().Single()),
            $"00-{trace}-{ActivitySpanId.CreateRandom()}-01",
            cancellationToken
        );
        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);

        var ours = _activities
            .Where(activity => activity.Source.Name == DiagnosticHeaders.DefaultListenerName)
            .ToList();
        TestContext.Out.WriteLine(
            string.Join('\n', _activities.Select(each => $"{each.Source.Name} {each.OperationName} {each.TraceId}"))
        );
        Assert.That(ours.Select(activity => activity.OperationName), Has.Some.EndsWith("receive"));
        Assert.That(
            ours.Where(activity => activity.OperationName.EndsWith("receive", StringComparison.Ordinal))
                .Select(activity => activity.TraceId),
            Is.All.EqualTo(trace)
        );
    }

    private async Task Publish(byte[] body, string traceParent, CancellationToken cancellationToken)
    {
        const string Header = "traceparent";
        if (Scene.Kafka is { } kafka)
        {
            using var producer = new ProducerBuilder<Null, byte[]>(
                new ProducerConfig { BootstrapServers = kafka.BootstrapServers }
            ).Build();
            await producer.ProduceAsync(
                Topics.Send,
                new Message<Null, byte[]>
                {
                    Value = body,
                    Headers = [new Header(Header, Encoding.UTF8.GetBytes(traceParent))],
                },
                cancellationToken
            );
            return;
        }

        await using var connection = await (await SharedServers.RabbitMq()).Connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.BasicPublishAsync(
            Topics.Send,
            Topics.Send,
            mandatory: true,
            new BasicProperties { Headers = new Dictionary<string, object?> { [Header] = traceParent } },
            body,
            cancellationToken
        );
    }
}
