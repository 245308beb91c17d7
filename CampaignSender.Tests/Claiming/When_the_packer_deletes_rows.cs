using CampaignSender.Sandbox.Campaigns;
using Dapper;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Claiming;

internal sealed class When_the_packer_deletes_rows : ClaimingTest
{
    // The claim has the first contact and waits for the second; the packer, which has the third, begins to wait for the first
    // one; then the claim comes to the third. PostgreSQL would end the packer, who has waited longer.
    [Test, CancelAfter(20_000)]
    public async Task It_is_not_the_one_who_is_ended_for_a_circle(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 3, cancellationToken);
        var contacts = plan.ContactIds.Order(ByBytes).ToArray();
        await using var other = await Open(cancellationToken);
        await using var holding = await other.BeginTransactionAsync(cancellationToken);
        await Lock(other, plan, contacts[1]);
        await using var packer = await Open(cancellationToken);
        await using var packing = await packer.BeginTransactionAsync(cancellationToken);
        await Delete(packer, plan, contacts[2]);

        var ours = Claim(plan.CampaignId, contacts, Guid.NewGuid(), Live, cancellationToken);
        await WaitForWaiting(1, cancellationToken);
        var deletion = Delete(packer, plan, contacts[0]);
        await WaitForWaiting(2, cancellationToken);
        await holding.RollbackAsync(cancellationToken);

        Assert.That(
            async () => await ours,
            Throws
                .InstanceOf<PostgresException>()
                .With.Property(nameof(PostgresException.SqlState))
                .EqualTo(PostgresErrorCodes.LockNotAvailable)
        );
        Assert.DoesNotThrowAsync(() => deletion);
    }

    [Test, CancelAfter(20_000)]
    public async Task Whoever_records_does_not_wait_for_it(CancellationToken cancellationToken)
    {
        var plan = await Insert(contacts: 2, cancellationToken);
        var owner = Guid.NewGuid();
        var claimed = await Claim(plan.CampaignId, plan.ContactIds, owner, Live, cancellationToken);
        await using var packer = await Open(cancellationToken);
        await using var packing = await packer.BeginTransactionAsync(cancellationToken);
        await Delete(packer, plan, claimed[0].ContactId);

        var meanwhile = await Record(owner, claimed.Select(Sent), cancellationToken);
        await packing.RollbackAsync(cancellationToken);
        var afterwards = await Record(owner, claimed.Select(Sent), cancellationToken);

        Assert.That(meanwhile, Is.EqualTo([claimed[1].RowId]).AsCollection);
        Assert.That(afterwards, Is.EqualTo([claimed[0].RowId]).AsCollection);
    }

    /// <summary>As PostgreSQL orders uuids.</summary>
    private static Comparer<Guid> ByBytes { get; } =
        Comparer<Guid>.Create(
            (one, two) => one.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(two.ToByteArray(bigEndian: true))
        );

    private async Task<NpgsqlConnection> Open(CancellationToken cancellationToken) =>
        await Source.OpenConnectionAsync(cancellationToken);

    private static Task<int> Lock(NpgsqlConnection connection, CampaignPlan plan, Guid contactId) =>
        connection.ExecuteAsync(
            "SELECT FROM campaigns_contacts WHERE campaign_id = @campaignId AND contact_id = @contactId FOR UPDATE",
            new { plan.CampaignId, contactId }
        );

    private static Task<int> Delete(NpgsqlConnection connection, CampaignPlan plan, Guid contactId) =>
        connection.ExecuteAsync(
            "DELETE FROM campaigns_contacts WHERE campaign_id = @campaignId AND contact_id = @contactId",
            new { plan.CampaignId, contactId }
        );
}
