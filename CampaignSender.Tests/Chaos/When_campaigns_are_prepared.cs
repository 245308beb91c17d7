using CampaignSender.Contracts;
using CampaignSender.Sandbox.Chaos;
using NUnit.Framework;

namespace CampaignSender.Tests.Chaos;

internal sealed class When_campaigns_are_prepared
{
    [Test]
    public void The_same_seed_gives_the_same_messages()
    {
        var (one, other) = (new ChaosCampaigns(Options.Of()), new ChaosCampaigns(Options.Of()));

        Assert.That(
            one.Messages().Select(message => message.Body),
            Is.EqualTo(other.Messages().Select(message => message.Body))
        );
    }

    [Test]
    public void Some_contacts_are_missing_some_are_blocked_and_most_are_reachable()
    {
        var campaigns = new ChaosCampaigns(Options.Of());

        var fates = campaigns.Plans[0].ContactIds.Distinct().CountBy(campaigns.FateOf).ToDictionary();

        Assert.That(fates[ContactFate.Missing], Is.Positive);
        Assert.That(fates[ContactFate.Blocked], Is.Positive);
        Assert.That(fates[ContactFate.Reachable], Is.GreaterThan(700));
    }

    [Test]
    public void Some_contacts_occur_twice_in_a_campaign()
    {
        var contacts = new ChaosCampaigns(Options.Of()).Plans[0].ContactIds;

        Assert.That(contacts, Has.Count.GreaterThan(contacts.Distinct().Count()));
    }

    [Test]
    public void Two_campaigns_share_an_inbox_and_contacts()
    {
        var plans = new ChaosCampaigns(Options.Of()).Plans;

        Assert.That(plans[2].InboxId, Is.EqualTo(plans[0].InboxId));
        Assert.That(plans[2].ContactIds, Is.SubsetOf(plans[0].ContactIds.Concat(plans[2].ContactIds)));
        Assert.That(plans[2].ContactIds.Except(plans[0].ContactIds), Is.Empty);
    }

    [Test]
    public void Every_page_is_valid_and_the_planted_messages_are_all_different()
    {
        var campaigns = new ChaosCampaigns(Options.Of());

        foreach (var page in campaigns.Plans.SelectMany(plan => plan.Pages()))
        {
            Assert.DoesNotThrow(() =>
                MessageParser.Parse<CampaignsSend>(MessageWriter.Write(page), new MessageLimits())
            );
        }

        Assert.That(campaigns.Poison.Select(poison => Convert.ToHexString(poison.Body)), Is.Unique);
    }
}
