using CampaignSender.Host.Campaigns;
using CampaignSender.Tests.Database;
using NUnit.Framework;

namespace CampaignSender.Tests.Campaigns;

internal sealed class When_an_inbox_is_named : DatabaseTest
{
    [Test, CancelAfter(10_000)]
    public async Task It_is_known_whether_a_campaign_uses_it(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        var campaigns = new CampaignContentsStore(Source);

        Assert.That(await campaigns.UseInbox(plan.InboxId, cancellationToken), Is.True);
        Assert.That(await campaigns.UseInbox(Guid.NewGuid(), cancellationToken), Is.False);
    }
}
