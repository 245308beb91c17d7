using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Packing;

internal sealed class PackingStore(NpgsqlDataSource database) : ICampaignPacking
{
    /// <summary>As parked pages and metrics name it.</summary>
    private const string Reason = "packed";

    public async Task<PackedCampaign?> Pack(PackOrder order, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var which = new { campaignId = order.CampaignId };
        await connection.ExecuteAsync(new CommandDefinition(WaitingTransaction.Limit, transaction: transaction));
        await connection.ExecuteAsync(Statement(PackingSql.TakeTurn, which, transaction, cancellationToken));
        var campaign = await connection.QuerySingleOrDefaultAsync<PackableCampaign>(
            Statement(PackingSql.Read, which, transaction, cancellationToken)
        );
        if (campaign is null)
        {
            return null;
        }

        if (WhyNot(order, campaign) is { } refusal)
        {
            return Refused(order, refusal);
        }

        if (order is { IsTrial: true, FailureCodes: not null })
        {
            var failed = await connection.ExecuteScalarAsync<int>(
                Statement(PackingSql.CountFailed, Which(order), transaction, cancellationToken)
            );
            return Packed(order, campaign, failed, correlationId: null);
        }

        // Before those who failed become pending: by when contacts were settled the last packing is known.
        var last = await connection.QuerySingleAsync<LastPacking>(
            Statement(PackingSql.LastPacking, which, transaction, cancellationToken)
        );
        if (!last.IsKnown && order.Sending is null)
        {
            return Refused(order, PackRefusal.SendingNotKnown);
        }

        var contacts = await Contacts(order, transaction, cancellationToken);
        if (order.IsTrial || contacts.Count == 0)
        {
            return Packed(order, campaign, contacts.Count, correlationId: null);
        }

        // Where it is known the answer of another day must not overrule it.
        var known = order.Sending switch
        {
            PackedSending.Same when !last.IsKnown => last.Before,
            PackedSending.Next when !last.IsKnown => null,
            _ => last.Now,
        };
        var correlationId = known ?? Guid.NewGuid();
        if (order.AsksFirst)
        {
            var whom = new { campaignId = order.CampaignId, correlationId };
            await connection.ExecuteAsync(Statement(PackingSql.Doubt, whom, transaction, cancellationToken));
        }

        // Only now, and not while the contacts are read and put in doubt: whoever pauses the campaign waits for this row.
        campaign = await connection.QuerySingleOrDefaultAsync<PackableCampaign>(
            Statement(PackingSql.Lock, which, transaction, cancellationToken)
        );
        if (campaign is null)
        {
            return null;
        }

        if (WhyNot(order, campaign) is { } late)
        {
            return Refused(order, late);
        }

        await Park(order, campaign, contacts, correlationId, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Packed(order, campaign, contacts.Count, correlationId);
    }

    private static PackRefusal? WhyNot(PackOrder order, PackableCampaign campaign) =>
        campaign switch
        {
            { IsAllowed: false } => PackRefusal.Status,
            // A number that is too small completes the campaign with its next page: what the others hold would never be sent.
            { IsCounted: false } when !order.ArePagesLost => PackRefusal.PagesNotCounted,
            _ => null,
        };

    private static PackedCampaign Refused(PackOrder order, PackRefusal refusal) =>
        new() { CampaignId = order.CampaignId, Refusal = refusal };

    /// <summary>Those to be packed; those who failed are pending from now on.</summary>
    private static async Task<List<Guid>> Contacts(
        PackOrder order,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        var statement = order.FailureCodes is null
            ? Statement(PackingSql.Pending, new { campaignId = order.CampaignId }, transaction, cancellationToken)
            : Statement(PackingSql.RetryFailed, Which(order), transaction, cancellationToken);
        var contacts = await transaction.Connection!.QueryAsync<Guid>(statement);
        return [.. contacts.Distinct()];
    }

    private static async Task Park(
        PackOrder order,
        PackableCampaign campaign,
        List<Guid> contacts,
        Guid correlationId,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        var pages = PageCutter.Cut(order, contacts, campaign.LastPage, correlationId);
        var connection = transaction.Connection!;
        var delay = campaign.IsCompleted ? order.KnownAfter : TimeSpan.Zero;
        var parked = pages.Select(page => new
        {
            campaignId = order.CampaignId,
            page = page.Page,
            correlationId,
            reason = Reason,
            body = page.Body,
            bodyHash = page.BodyHash,
            headers = page.Headers,
            delay,
        });
        var waiting = new
        {
            campaignId = order.CampaignId,
            reason = Reason,
            delay,
        };
        await connection.ExecuteAsync(Statement(PackingSql.LetGo, waiting, transaction, cancellationToken));
        await connection.ExecuteAsync(Statement(PackingSql.Park, parked, transaction, cancellationToken));
        var counted = new { campaignId = order.CampaignId, totalPages = campaign.LastPage + pages.Count };
        await connection.ExecuteAsync(Statement(PackingSql.Continue, counted, transaction, cancellationToken));
    }

    private static CommandDefinition Statement(
        string statement,
        object parameters,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    ) =>
        new(statement, parameters, transaction, DataSourceStatements.LongestTime, cancellationToken: cancellationToken);

    private static object Which(PackOrder order) =>
        new
        {
            campaignId = order.CampaignId,
            codes = order.FailureCodes!.ToArray(),
            unrecorded = PackOrder.Unrecorded,
        };

    private static PackedCampaign Packed(
        PackOrder order,
        PackableCampaign campaign,
        int contacts,
        Guid? correlationId
    ) =>
        new()
        {
            CampaignId = order.CampaignId,
            IsReopened = campaign.IsCompleted && correlationId is not null,
            Contacts = contacts,
            Pages = (contacts + order.PageSize - 1) / order.PageSize,
            FirstPage = campaign.LastPage + 1,
            CorrelationId = correlationId,
        };

    private sealed record LastPacking
    {
        public Guid? Now { get; init; }
        public Guid? Before { get; init; }

        /// <summary>Which sending this is: nothing was deleted, or something has been sent since.</summary>
        public bool IsKnown => Before is null || (Now is not null && Now != Before);
    }

    private sealed record PackableCampaign
    {
        public required bool IsAllowed { get; init; }
        public required bool IsCompleted { get; init; }
        public required bool IsCounted { get; init; }
        public required int LastPage { get; init; }
    }
}
