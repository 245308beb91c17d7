using CampaignSender.Contracts;
using CampaignSender.Tests.Servers;
using NUnit.Framework;
using RabbitMQ.Client.Exceptions;

namespace CampaignSender.Tests.Sending;

/// <summary>Larger than what RabbitMQ's client takes by itself, and not than what its server does.</summary>
internal sealed class When_a_message_is_enormous : SendingTest
{
    private const int Length = 70_000_000;

    [Test, CancelAfter(120_000)]
    public async Task It_is_dead_lettered_and_what_comes_after_it_is_sent(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);

        try
        {
            await Scene.Broker.Publish(Topics.Send, new byte[Length], cancellationToken);
        }
        catch (OperationInterruptedException)
        {
            Assert.Ignore("This server takes no message of that length, as RabbitMQ 4 does unless it is told to.");
        }

        await Scene.Publish(plan, cancellationToken);

        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        await Eventually.Holds(
            async () => await Scene.Broker.CountDeadLetters(cancellationToken) == 1,
            cancellationToken
        );
    }
}
