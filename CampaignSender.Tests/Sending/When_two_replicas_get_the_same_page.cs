using CampaignSender.Sandbox.Stages;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed class When_two_replicas_get_the_same_page(BrokerKind broker) : SendingTest(broker)
{
    private const int Rounds = 50;

    [Test, CancelAfter(120_000)]
    public async Task No_contact_is_posted_twice(CancellationToken cancellationToken)
    {
        await Scene.StartReplica(cancellationToken, ("RabbitMq:PrefetchCount", "1"));
        await Scene.StartReplica(cancellationToken, ("RabbitMq:PrefetchCount", "1"));
        await Scene.WaitForBalance(cancellationToken);

        for (var round = 0; round < Rounds; round++)
        {
            var plan = await Prepare(contacts: 60, pageSize: 60, cancellationToken);

            await Scene.PublishTwice(plan, cancellationToken);
            await Scene.WaitForReports(plan, cancellationToken);

            await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        }
    }
}
