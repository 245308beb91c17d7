using CampaignSender.Sandbox.Campaigns;
using Dapper;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

internal sealed class When_contacts_occur_twice : SendingTest
{
    [Test, CancelAfter(30_000)]
    public async Task An_id_that_is_twice_in_a_page_is_one_contact(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(10);
        var plan = await Scene.Prepare(new CampaignPlan { ContactIds = contacts }, cancellationToken);
        await Scene.StartReplica(cancellationToken);

        await Scene.Publish(plan with { ContactIds = [.. contacts, .. contacts] }, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(Scene.Reports.First.Single().SentCount, Is.EqualTo(10));
    }

    [Test, CancelAfter(30_000)]
    public async Task Two_rows_of_a_contact_are_one_contact(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(10);
        var plan = await Scene.Prepare(new CampaignPlan { ContactIds = [.. contacts, .. contacts] }, cancellationToken);
        await Scene.StartReplica(cancellationToken);

        await Scene.Publish(plan with { ContactIds = contacts }, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(await RowsBy("SKIPPED", cancellationToken), Is.EqualTo(10));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_row_beside_one_that_was_sent_sends_nothing(CancellationToken cancellationToken)
    {
        var contacts = CampaignPlan.NewContacts(10);
        var plan = await Scene.Prepare(
            new CampaignPlan { ContactIds = contacts, SeedStatus = "SENT" },
            cancellationToken
        );
        await using (var connection = await Scene.Source.OpenConnectionAsync(cancellationToken))
        {
            await connection.ExecuteAsync(
                "INSERT INTO campaigns_contacts (campaign_id, contact_id) SELECT campaign_id, contact_id FROM campaigns_contacts"
            );
        }

        await Scene.StartReplica(cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Scene.Crm.RequestCount, Is.Zero);
            Assert.That(await RowsBy("PENDING", cancellationToken), Is.Zero);
            Assert.That(Scene.Reports.First.Single().SentCount, Is.EqualTo(10));
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task Ids_without_a_row_send_nothing(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 5, pageSize: 100, cancellationToken);
        var replica = await Scene.StartReplica(cancellationToken);

        await Scene.Publish(
            plan with
            {
                ContactIds = [.. plan.ContactIds, .. CampaignPlan.NewContacts(5)],
            },
            cancellationToken
        );
        await Scene.WaitForReports(plan, cancellationToken);
        await replica.Log.WaitFor("5 contacts have no row in campaigns_contacts", cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    private async Task<long> RowsBy(string status, CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM campaigns_contacts WHERE status::text = @status",
            new { status }
        );
    }
}
