using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Commands;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

internal sealed class When_replicas_are_told : ConsoleTest
{
    [Test, CancelAfter(10_000)]
    public async Task It_says_no_more_than_the_broker_has_confirmed(CancellationToken cancellationToken)
    {
        var exitCode = await CampaignOrderCommand.Tell(
            new BrokerThatConfirms(),
            Guid.NewGuid(),
            ControlAction.Pause,
            cancellationToken
        );

        Assert.That(exitCode, Is.EqualTo(ExitCodes.Success));
        Assert.That(Output, Does.StartWith("The order is with the broker: replicas that listen follow it at once"));
    }

    private sealed class BrokerThatConfirms : IControlPublisher
    {
        public Task Publish(CampaignsControl control, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
