using CampaignSender.Contracts;
using NUnit.Framework;

namespace CampaignSender.Tests.Contracts;

public sealed class When_a_tracked_message_is_parsed
{
    private const string CountRule = "must be a whole number from 0 to 2147483647";

    [Test]
    public void Every_field_is_read()
    {
        Assert.That(
            Parsing.Of<CampaignsTracked>(MessageBody.Tracked()),
            Is.EqualTo(
                new CampaignsTracked
                {
                    CampaignId = Guid.Parse(MessageBody.CampaignId),
                    Page = 3,
                    SentCount = 998,
                    FailedCount = 2,
                    Completed = true,
                    CorrelationId = Guid.Parse(MessageBody.CorrelationId),
                }
            )
        );
    }

    [TestCase("page")]
    [TestCase("sentCount")]
    [TestCase("failedCount")]
    public void A_number_may_be_zero_but_not_less(string field)
    {
        Assert.That(() => Parsing.Of<CampaignsTracked>(MessageBody.Tracked().With(field, "0")), Throws.Nothing);
        Assert.That(
            Parsing.ViolationsOf<CampaignsTracked>(MessageBody.Tracked().With(field, "-1")),
            Is.EqualTo([$"$.{field} {CountRule}"])
        );
    }

    [TestCase("1")]
    [TestCase("null")]
    [TestCase("\"true\"")]
    [TestCase("[true]")]
    public void Completed_is_a_boolean_and_nothing_like_it(string value)
    {
        var violations = Parsing.ViolationsOf<CampaignsTracked>(MessageBody.Tracked().With("completed", value));

        Assert.That(violations, Is.EqualTo(["$.completed must be true or false"]));
    }

    [Test]
    public void A_page_that_is_not_the_last_is_not_completed()
    {
        var message = Parsing.Of<CampaignsTracked>(MessageBody.Tracked().With("completed", "false"));

        Assert.That(message.Completed, Is.False);
    }
}
