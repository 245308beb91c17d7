using CampaignSender.Contracts;
using CampaignSender.Sandbox.Stages;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_a_control_message_is_published(BrokerKind broker) : SendingTest(broker)
{
    [Test, CancelAfter(60_000)]
    public async Task Every_one_of_three_replicas_hears_it(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var replicas = new List<RunningReplica>();
        for (var replica = 0; replica < 3; replica++)
        {
            replicas.Add(await Scene.StartReplica(cancellationToken));
        }

        await Scene.Order(plan, ControlAction.Pause, cancellationToken);

        await Task.WhenAll(
            replicas.Select(replica => replica.Log.WaitFor($"received for {plan.CampaignId}: Pause", cancellationToken))
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task An_invalid_one_is_dropped_and_the_next_one_heard(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);

        await Scene.Broker.Publish(Topics.Control, "{\"action\":\"explode\"}"u8.ToArray(), cancellationToken);
        await Scene.Order(plan, ControlAction.Pause, cancellationToken);

        await replica.Log.WaitFor("discarded", cancellationToken);
        await replica.Log.WaitFor($"received for {plan.CampaignId}: Pause", cancellationToken);
    }
}
