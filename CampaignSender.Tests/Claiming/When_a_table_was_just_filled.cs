using CampaignSender.Host.Claiming;
using CampaignSender.Host.Recording;
using Dapper;
using NUnit.Framework;

namespace CampaignSender.Tests.Claiming;

/// <summary>
/// Campaigns are packed and sent at once, long before PostgreSQL has looked at what the table holds. No statement may read
/// a whole campaign then.
/// </summary>
internal sealed class When_a_table_was_just_filled : ClaimingTest
{
    private const int BatchSize = 200;

    private static readonly Dictionary<string, string> _statements = new()
    {
        [nameof(ClaimSql.Survey)] = ClaimSql.Survey,
        [nameof(ClaimSql.Claim)] = ClaimSql.Claim,
        [nameof(ClaimSql.Renew)] = ClaimSql.Renew,
        [nameof(ClaimSql.ReleaseAlone)] = ClaimSql.ReleaseAlone,
        [nameof(ClaimSql.Release)] = ClaimSql.Release,
        [nameof(ClaimSql.SkipLeftovers)] = ClaimSql.SkipLeftovers,
        [nameof(ClaimSql.Restore)] = ClaimSql.Restore,
        [nameof(RecordingSql.Record)] = RecordingSql.Record,
    };

    [Test, CancelAfter(30_000)]
    public async Task Each_statement_looks_its_rows_up(
        [Values] bool knowsOtherCampaigns,
        CancellationToken cancellationToken
    )
    {
        if (knowsOtherCampaigns)
        {
            // PostgreSQL believes then that there are no others.
            await Insert(contacts: 100 * BatchSize, cancellationToken);
            await Analyze(cancellationToken);
        }

        // Many batches: of a table of a few, reading all is the right thing.
        var plan = await Insert(contacts: 100 * BatchSize, cancellationToken);
        Guid[] rowIds = [.. (await Rows(plan.CampaignId, cancellationToken)).Take(BatchSize).Select(row => row.Id)];
        var parameters = new
        {
            campaignId = plan.CampaignId,
            contactIds = plan.ContactIds.Take(BatchSize).ToArray(),
            failedIds = plan.ContactIds.Take(1).ToArray(),
            claimId = Guid.NewGuid(),
            timeToLive = Live,
            settleTime = SettleTime,
            unknownAfter = UnknownAfter,
            correlationId = Guid.NewGuid(),
            packingTime = Live,
            rowIds,
            claimIds = rowIds,
            statuses = Enumerable.Repeat("SENT", BatchSize).ToArray(),
            codes = new string?[BatchSize],
            reasons = new string?[BatchSize],
            messageIds = new string?[BatchSize],
            isRepeated = true,
        };

        using (Assert.EnterMultipleScope())
        {
            foreach (var (name, statement) in _statements)
            {
                AssertLooksUp(name, await Explain(statement, parameters, cancellationToken));
            }
        }
    }

    private static void AssertLooksUp(string statement, IReadOnlyList<string> steps)
    {
        string[] scans = [.. steps.Where(step => step.Contains("Scan", StringComparison.Ordinal))];
        var plan = $"{statement}:\n{string.Join('\n', steps)}";
        Assert.That(scans, Has.None.Contains("Seq Scan on campaigns_contacts"), plan);
        // evo-flow's indexes that find all rows of a campaign. To know whether there is any, the first is enough.
        Assert.That(
            scans.Where(scan => !scan.Contains(" anybody ", StringComparison.Ordinal)),
            Has.None.Contains("idx_campaign_contacts_campaign_id").And.None.Contains("idx_campaign_contacts_cursor"),
            plan
        );
    }

    private async Task Analyze(CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition("ANALYZE campaigns_contacts", cancellationToken: cancellationToken)
        );
    }

    private async Task<IReadOnlyList<string>> Explain(
        string sql,
        object parameters,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        var steps = await connection.QueryAsync<string>(
            new CommandDefinition($"EXPLAIN {sql}", parameters, cancellationToken: cancellationToken)
        );
        return steps.AsList();
    }
}
