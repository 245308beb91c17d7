using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

internal sealed class When_two_replicas_get_the_same_page : SendingTest
{
    private const int Rounds = 50;

    [Test, CancelAfter(120_000)]
    public async Task No_contact_is_posted_twice(CancellationToken cancellationToken)
    {
        await Scene.StartReplica(cancellationToken, ("RabbitMq:PrefetchCount", "1"));
        await Scene.StartReplica(cancellationToken, ("RabbitMq:PrefetchCount", "1"));

        for (var round = 0; round < Rounds; round++)
        {
            var plan = await Prepare(contacts: 60, pageSize: 60, cancellationToken);

            // With one page in work per replica, the broker gives each of them one of the two.
            await Task.WhenAll(Scene.Publish(plan, cancellationToken), Scene.Publish(plan, cancellationToken));
            await Scene.WaitForReports(plan, cancellationToken);

            await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        }
    }
}
