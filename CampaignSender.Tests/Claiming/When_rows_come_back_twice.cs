using CampaignSender.Host.Claiming;
using Dapper;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Claiming;

internal sealed class When_rows_come_back_twice : ClaimingTest
{
    // A contact with two rows, on two pages or in two deliveries of one: both give it back at the same time.
    [Test, CancelAfter(20_000)]
    public async Task Two_pages_give_a_contact_back_at_once(CancellationToken cancellationToken)
    {
        var contact = Guid.NewGuid();
        var owner = Guid.NewGuid();
        var plan = await Insert([contact, contact], cancellationToken);
        var claimed = await Claim(plan.CampaignId, [contact], owner, Live, cancellationToken);
        await Record(owner, claimed.Take(1).Select(Sent), cancellationToken);
        await Campaigns.Empty(plan, cancellationToken);
        await Campaigns.Fill(plan, cancellationToken);

        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var first = await connection.ExecuteScalarAsync<int>(
            ClaimSql.Restore,
            new
            {
                campaignId = plan.CampaignId,
                correlationId = Packing,
                contactIds = new[] { contact },
            },
            transaction
        );
        var second = Claims.Restore(plan.CampaignId, Packing, [contact], cancellationToken);
        await WaitForWaiting(1, cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        Assert.That(first, Is.EqualTo(1));
        try
        {
            Assert.That(await second, Is.Zero);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // It gave way before we let it.
        }
    }
}
