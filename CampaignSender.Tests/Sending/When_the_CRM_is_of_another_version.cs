using CampaignSender.Contracts;
using CampaignSender.Sandbox.Crm;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

[TestFixture(true)]
[TestFixture(false)]
internal sealed class When_the_CRM_is_of_another_version(bool isOlder)
    : SendingTest(crm: new SimulatedCrmOptions { IsOlder = isOlder, IsNewest = !isOlder })
{
    [Test, CancelAfter(30_000)]
    public async Task Everybody_gets_one_message(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 20, pageSize: 10, cancellationToken);

        await Send(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task An_unknown_template_is_dead_lettered(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        await Scene.StartReplica(cancellationToken);

        await Scene.Publish(plan with { TemplateId = Guid.NewGuid() }, cancellationToken);

        var letter = await Scene.Broker.TakeDeadLetter(cancellationToken);
        Assert.That(letter.Headers[MessageHeaderNames.DeadLetterReason], Is.EqualTo("unknown_template"));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_message_that_may_have_been_stored_is_found(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);
        Scene.Crm.LoseAnswers(times: 1);

        await Send(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }
}
