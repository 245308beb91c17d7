using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>What evo-flow's packer and REST API do to the database, and what its tracker reads.</summary>
internal sealed class CampaignRows(NpgsqlDataSource database)
{
    public const int Sending = 2;
    public const int Paused = 3;
    public const int Stopped = 4;

    private const string InsertCampaign = """
        INSERT INTO campaigns (id, title, name, status, type, inbox_id, channel_type, total_pages)
        VALUES (@id, @title, @name, @status, 'regular', @inboxId, @channel, @totalPages)
        """;

    private const string InsertTemplate = """
        INSERT INTO campaigns_templates (campaign_id, message_template_id) VALUES (@id, @templateId)
        """;

    private const string CopyContacts =
        "COPY campaigns_contacts (id, campaign_id, contact_id, status) FROM STDIN (FORMAT BINARY)";

    // A contact is one, however many rows it has; a verdict counts before a row that is left over.
    private const string CountContacts = """
        SELECT count(*) FILTER (WHERE verdict = 'SENT') AS "Sent",
               count(*) FILTER (WHERE verdict = 'FAILED') AS "Failed",
               count(*) FILTER (WHERE verdict = 'SKIPPED') AS "Skipped",
               count(*) FILTER (WHERE verdict = 'PENDING') AS "Pending"
        FROM (
            SELECT (array_agg(status ORDER BY array_position('{SENT,FAILED,SKIPPED,PENDING}'::text[], status::text)))[1]
                   AS verdict
            FROM campaigns_contacts
            WHERE campaign_id = @campaignId
            GROUP BY contact_id
        ) AS contacts
        """;

    public async Task Insert(CampaignPlan plan, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                InsertCampaign,
                new
                {
                    id = plan.CampaignId,
                    title = plan.Title,
                    name = plan.CampaignId.ToString("N"),
                    status = Sending,
                    inboxId = plan.InboxId,
                    channel = $"Channel::{plan.Channel}",
                    totalPages = plan.PageCount,
                },
                cancellationToken: cancellationToken
            )
        );
        await connection.ExecuteAsync(
            new CommandDefinition(
                InsertTemplate,
                new { id = plan.CampaignId, templateId = plan.TemplateId },
                cancellationToken: cancellationToken
            )
        );
        await Fill(plan, cancellationToken);
    }

    /// <summary>Deletes the contacts, as the packer does before it fills the campaign, a second time too.</summary>
    public Task Empty(CampaignPlan plan, CancellationToken cancellationToken) =>
        Execute(
            "DELETE FROM campaigns_contacts WHERE campaign_id = @campaignId",
            new { campaignId = plan.CampaignId },
            cancellationToken
        );

    /// <summary>Inserts the contacts, each with a new row.</summary>
    public async Task Fill(CampaignPlan plan, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var rows = await connection.BeginBinaryImportAsync(CopyContacts, cancellationToken);
        foreach (var contactId in plan.ContactIds)
        {
            await rows.StartRowAsync(cancellationToken);
            await rows.WriteAsync(Guid.NewGuid(), NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(plan.CampaignId, NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(contactId, NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(plan.SeedStatus, "campaign_contact_status_enum", cancellationToken);
        }

        await rows.CompleteAsync(cancellationToken);
    }

    public Task SetStatus(Guid campaignId, int status, CancellationToken cancellationToken) =>
        Execute(
            "UPDATE campaigns SET status = @status WHERE id = @campaignId",
            new { campaignId, status },
            cancellationToken
        );

    /// <summary>As if it had been packed so much earlier.</summary>
    public Task Age(Guid campaignId, TimeSpan time, CancellationToken cancellationToken) =>
        Execute(
            """
            UPDATE campaigns SET updated_at = updated_at - @time WHERE id = @campaignId;
            UPDATE campaigns_contacts SET created_at = created_at - @time WHERE campaign_id = @campaignId
            """,
            new { campaignId, time },
            cancellationToken
        );

    public async Task<ContactCounts> Count(Guid campaignId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<ContactCounts>(
            new CommandDefinition(CountContacts, new { campaignId }, cancellationToken: cancellationToken)
        );
    }

    public async Task<IReadOnlyList<Guid>> SentContacts(Guid campaignId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var contactIds = await connection.QueryAsync<Guid>(
            new CommandDefinition(
                "SELECT DISTINCT contact_id FROM campaigns_contacts WHERE campaign_id = @campaignId AND status = 'SENT'",
                new { campaignId },
                cancellationToken: cancellationToken
            )
        );
        return [.. contactIds];
    }

    /// <summary>Pages that wait in the sender's parking.</summary>
    public async Task<long> CountParked(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                "SELECT count(*) FROM campaign_sender_parked_pages",
                cancellationToken: cancellationToken
            )
        );
    }

    private async Task Execute(string statement, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(statement, parameters, cancellationToken: cancellationToken)
        );
    }
}
