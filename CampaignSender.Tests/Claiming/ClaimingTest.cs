using CampaignSender.Host.Claiming;
using CampaignSender.Host.Recording;
using CampaignSender.Tests.Database;
using Dapper;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Claiming;

/// <summary>The stores of claims and outcomes, as owners of claims use them.</summary>
internal abstract class ClaimingTest : DatabaseTest
{
    /// <summary>Longer than any test.</summary>
    protected static readonly TimeSpan Live = TimeSpan.FromMinutes(10);

    /// <summary>A claim that has run out when the next statement looks at it.</summary>
    protected static readonly TimeSpan Expired = TimeSpan.Zero;

    /// <summary>The correlation id that everything is claimed under.</summary>
    protected static readonly Guid Packing = Guid.NewGuid();

    /// <summary>How long a claim that has run out waits for what its owner posted last.</summary>
    protected virtual TimeSpan SettleTime => TimeSpan.Zero;

    protected static TimeSpan UnknownAfter { get; } = TimeSpan.FromHours(1);

    protected ClaimStore Claims { get; private set; } = null!;

    protected OutcomeStore Outcomes { get; private set; } = null!;

    [OneTimeSetUp]
    public void OpenStores()
    {
        Claims = new ClaimStore(Source);
        Outcomes = new OutcomeStore(Source);
    }

    protected async Task<IReadOnlyList<ClaimedRow>> Claim(
        Guid campaignId,
        IEnumerable<Guid> contactIds,
        Guid owner,
        TimeSpan timeToLive,
        CancellationToken cancellationToken
    ) =>
        [
            .. await Claims.Claim(
                campaignId,
                Packing,
                [.. contactIds],
                owner,
                timeToLive,
                SettleTime,
                UnknownAfter,
                cancellationToken
            ),
        ];

    /// <summary>Returns the rows that were written.</summary>
    protected async Task<IReadOnlyList<Guid>> Record(
        Guid owner,
        IEnumerable<ContactOutcome> outcomes,
        CancellationToken cancellationToken
    ) => await Record(outcomes.Select(outcome => outcome with { ClaimId = owner }), cancellationToken);

    protected async Task<IReadOnlyList<Guid>> Record(
        IEnumerable<ContactOutcome> outcomes,
        CancellationToken cancellationToken
    ) =>
        [
            .. (await Outcomes.Record([.. outcomes], isRepeated: false, cancellationToken))
                .Where(row => row.IsWritten)
                .Select(row => row.RowId),
        ];

    /// <summary>Keeps the contact's rows locked until the transaction ends.</summary>
    protected static async Task<NpgsqlTransaction> Lock(
        NpgsqlConnection connection,
        Guid contactId,
        CancellationToken cancellationToken
    )
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            "SELECT FROM campaigns_contacts WHERE contact_id = @contactId FOR UPDATE",
            new { contactId },
            transaction
        );
        return transaction;
    }

    /// <summary>Until so many sessions wait for a lock; for a moment only: ours give way.</summary>
    protected async Task WaitForWaiting(int sessions, CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        for (var look = 0; look < 20 && await Waiting(connection) < sessions; look++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
        }
    }

    private static Task<int> Waiting(NpgsqlConnection connection) =>
        connection.ExecuteScalarAsync<int>(
            """
            SELECT count(*)::int FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        );

    protected static ContactOutcome Sent(ClaimedRow row) =>
        new()
        {
            RowId = row.RowId,
            ContactId = row.ContactId,
            ClaimId = Guid.Empty,
            Status = ContactStatus.Sent,
            MessageId = "m-1",
        };

    protected static ContactOutcome Failed(ClaimedRow row) =>
        Sent(row) with
        {
            Status = ContactStatus.Failed,
            Code = "dispatch_4xx",
            MessageId = null,
        };

    protected async Task<IReadOnlyList<ContactRow>> Rows(Guid campaignId, CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<ContactRow>(
            new CommandDefinition(
                """
                SELECT id AS "Id", contact_id AS "ContactId", status::text AS "Status", claim_id AS "ClaimId",
                       claim_expires_at AS "ClaimExpiresAt", claim_attempts AS "ClaimAttempts", sent_at AS "SentAt",
                       settled_at AS "SettledAt", failure_code AS "FailureCode", failure_reason AS "FailureReason",
                       crm_message_id AS "CrmMessageId"
                FROM campaigns_contacts
                WHERE campaign_id = @campaignId
                ORDER BY id
                """,
                new { campaignId },
                cancellationToken: cancellationToken
            )
        );
        return rows.AsList();
    }
}
