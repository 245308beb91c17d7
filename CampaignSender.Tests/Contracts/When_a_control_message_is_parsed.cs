using CampaignSender.Contracts;
using NUnit.Framework;

namespace CampaignSender.Tests.Contracts;

public sealed class When_a_control_message_is_parsed
{
    [TestCase("pause", ControlAction.Pause)]
    [TestCase("stop", ControlAction.Stop)]
    [TestCase("resume", ControlAction.Resume)]
    public void Every_field_is_read(string name, ControlAction action)
    {
        Assert.That(
            Parsing.Of<CampaignsControl>(MessageBody.Control().With("action", $"\"{name}\"")),
            Is.EqualTo(
                new CampaignsControl
                {
                    CampaignId = Guid.Parse(MessageBody.CampaignId),
                    Action = action,
                    CorrelationId = Guid.Parse(MessageBody.CorrelationId),
                }
            )
        );
    }

    [TestCase("\"delete\"")]
    [TestCase("\"Pause\"")]
    [TestCase("null")]
    [TestCase("{}")]
    public void An_unknown_action_is_refused(string value)
    {
        var violations = Parsing.ViolationsOf<CampaignsControl>(MessageBody.Control().With("action", value));

        Assert.That(violations, Is.EqualTo(["$.action must be one of pause, stop, resume"]));
    }

    [Test]
    public void A_field_of_another_message_is_unknown_here()
    {
        var violations = Parsing.ViolationsOf<CampaignsControl>(MessageBody.Control().With("page", "1"));

        Assert.That(violations, Is.EqualTo(["$.page is not a known field"]));
    }
}
