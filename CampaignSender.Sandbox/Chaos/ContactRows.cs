using Dapper;
using Npgsql;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>Reads the rows of the contacts, all of them or how many stand how.</summary>
internal sealed class ContactRows(NpgsqlDataSource database)
{
    private const string SelectAll = """
        SELECT id AS "Id", campaign_id AS "CampaignId", contact_id AS "ContactId", status::text AS "Status",
               claim_id AS "ClaimId", claim_expires_at AS "ClaimExpiresAt", claim_attempts AS "ClaimAttempts",
               failure_code AS "FailureCode", failure_reason AS "FailureReason", crm_message_id AS "CrmMessageId",
               settled_at AS "SettledAt"
        FROM campaigns_contacts
        """;

    private const string CountByStatus = """
        SELECT count(*) FILTER (WHERE status = 'SENT') AS "Sent",
               count(*) FILTER (WHERE status = 'FAILED') AS "Failed",
               count(*) FILTER (WHERE status = 'SKIPPED') AS "Skipped",
               count(*) FILTER (WHERE status = 'PENDING') AS "Pending",
               (SELECT count(*) FROM campaign_sender_parked_pages) AS "Parked"
        FROM campaigns_contacts
        """;

    private const string CountPendingOf = """
        SELECT count(*) FROM campaigns_contacts WHERE campaign_id = ANY(@campaignIds) AND status = 'PENDING'
        """;

    public async Task<IReadOnlyList<ContactRow>> All(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return
        [
            .. await connection.QueryAsync<ContactRow>(
                new CommandDefinition(SelectAll, cancellationToken: cancellationToken)
            ),
        ];
    }

    public async Task<RowCounts> Count(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<RowCounts>(
            new CommandDefinition(CountByStatus, cancellationToken: cancellationToken)
        );
    }

    public async Task<long> CountPending(Guid[] campaignIds, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(CountPendingOf, new { campaignIds }, cancellationToken: cancellationToken)
        );
    }
}
