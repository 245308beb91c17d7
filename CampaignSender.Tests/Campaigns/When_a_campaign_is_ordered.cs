using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Tests.Database;
using Dapper;
using NUnit.Framework;

namespace CampaignSender.Tests.Campaigns;

internal sealed class When_a_campaign_is_ordered : DatabaseTest
{
    [Test, CancelAfter(10_000)]
    public async Task It_waits_for_nobody_who_inserts_its_contacts(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 1, cancellationToken);
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var packer = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            "INSERT INTO campaigns_contacts (campaign_id, contact_id) VALUES (@campaignId, @contactId)",
            new { plan.CampaignId, contactId = Guid.NewGuid() },
            packer
        );

        var ordered = await new CampaignOrderStore(Source).Order(
            plan.CampaignId,
            ControlAction.Pause,
            cancellationToken
        );

        Assert.That(ordered!.Now, Is.EqualTo(CampaignStatus.Paused));
    }
}
