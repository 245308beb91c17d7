using CampaignSender.Host.Database;

namespace CampaignSender.Host.Parking;

internal static class ParkingSql
{
    private const string HasEnded = "(campaign.id IS NULL OR campaign.deleted_at IS NOT NULL OR campaign.status = 4)";

    /// <summary>evo-flow's packer has begun anew since.</summary>
    private const string IsEmptiedSince =
        "emptied.campaign_id = parked.campaign_id AND emptied.emptied_at > parked.parked_at";

    /// <summary>Joined, and not asked for each page: there may be thousands, and every replica looks at them.</summary>
    private const string Parked = $"""
        campaign_sender_parked_pages AS parked
        LEFT JOIN campaigns AS campaign ON campaign.id = parked.campaign_id
        LEFT JOIN campaign_sender_emptied_campaigns AS emptied ON {IsEmptiedSince}
        """;

    /// <summary>
    /// Its campaign sends. One of a completed campaign that was parked for something else may be a copy that others have
    /// finished meanwhile: it is looked through once more, and where contacts are pending it is parked for that. And one that
    /// was parked for that waits for an operator, though the campaign is sending again: when <em>send</em> was pressed once
    /// more it does so before its packer begins, and these contacts would get the messages of both sendings.
    /// </summary>
    private const string MayGoOn = $"""
        (
            campaign.status IN (2, 5, 6)
            AND (parked.reason <> 'campaign_completed' OR (campaign.status <> 5 AND emptied.campaign_id IS NOT NULL))
        )
        """;

    /// <summary>
    /// The packer publishes this page once more, and then this one goes on as that; or it packs the campaign's next sending,
    /// and then what this one's contacts had become is not to be told of them. For a day: by then the new pages have gone
    /// before it.
    /// </summary>
    private const string IsOvertaken = $"(emptied.campaign_id IS NOT NULL AND {RepeatedPacking.HoldsPagesBack})";

    /// <summary>Its time has come, or its campaign has ended.</summary>
    private const string IsDue =
        $"({HasEnded} OR (parked.redrive_at <= clock_timestamp() AND {MayGoOn} AND NOT {IsOvertaken}))";

    /// <summary>In seconds: a day, of an interval, has 25 hours where clocks go back.</summary>
    private const string AfterDelay = "clock_timestamp() + make_interval(secs => extract(epoch FROM @delay)::float8)";

    /// <summary>
    /// A page parked twice is one page, and it waits no longer than the shorter of the two.
    /// Parameters: campaignId, page, correlationId, reason, body, bodyHash, headers, redrives, delay.
    /// </summary>
    public const string Park = $"""
        INSERT INTO campaign_sender_parked_pages AS parked
            (campaign_id, page, correlation_id, reason, body, body_hash, headers, redrives, redrive_at)
        VALUES (@campaignId, @page, @correlationId, @reason, @body, @bodyHash, @headers::jsonb, @redrives,
                {AfterDelay})
        ON CONFLICT (campaign_id, page, body_hash) DO UPDATE
        SET reason = excluded.reason,
            parked_at = excluded.parked_at,
            redrives = greatest(parked.redrives, excluded.redrives),
            redrive_at = least(parked.redrive_at, excluded.redrive_at)
        """;

    /// <summary>
    /// A copy of a page that has come to its end; one that is being published just now goes by itself. Parameters: campaignId,
    /// page, bodyHash.
    /// </summary>
    public const string Forget = """
        DELETE FROM campaign_sender_parked_pages
        WHERE id = (
            SELECT id
            FROM campaign_sender_parked_pages
            WHERE campaign_id = @campaignId AND page = @page AND body_hash = @bodyHash
            FOR UPDATE SKIP LOCKED
        )
        """;

    /// <summary>
    /// Pages that are due, locked against the other replicas' redrivers. Parameters: limit.
    /// </summary>
    public const string TakeDue = $"""
        {WaitingTransaction.Limit};
        SELECT parked.id AS "Id", parked.campaign_id AS "CampaignId", parked.page AS "Page",
               parked.reason AS "Reason", parked.body AS "Body",
               parked.headers::text AS "Headers", parked.redrives AS "Redrives",
               {HasEnded} AS "HasEnded"
        FROM {Parked}
        WHERE {IsDue}
        ORDER BY parked.redrive_at
        LIMIT @limit
        FOR UPDATE OF parked SKIP LOCKED
        """;

    /// <summary>Parameters: ids.</summary>
    public const string Remove = "DELETE FROM campaign_sender_parked_pages WHERE id = ANY(@ids)";

    /// <summary>Parameters: id, delay.</summary>
    public const string Postpone = $"UPDATE campaign_sender_parked_pages SET redrive_at = {AfterDelay} WHERE id = @id";

    /// <summary>Parameters: ids (empty: all), campaignId (null: all), reason (null: any).</summary>
    private const string IsSelected = """
        (cardinality(@ids) = 0 OR id = ANY(@ids))
          AND (@campaignId::uuid IS NULL OR campaign_id = @campaignId)
          AND (@reason::text IS NULL OR reason = @reason)
        """;

    /// <summary><see cref="IsOvertaken"/>, of a page that is updated.</summary>
    private const string WasOvertaken = $"""
        EXISTS (
            SELECT FROM campaign_sender_emptied_campaigns AS emptied
            WHERE {IsEmptiedSince} AND {RepeatedPacking.HoldsPagesBack}
        )
        """;

    /// <summary>The selection names a campaign, or pages.</summary>
    private const string IsNamed = "(cardinality(@ids) > 0 OR @campaignId IS NOT NULL)";

    /// <summary>Parameters: those of the selection, delay.</summary>
    public const string Hasten = $"""
        UPDATE campaign_sender_parked_pages
        SET redrive_at = least(redrive_at, {AfterDelay})
        WHERE {IsSelected}
        """;

    /// <summary>
    /// By an operator, who lets go on too what would wait for the packer, or for an operator, but only of a campaign or of pages
    /// that are named: of a campaign that is sent once more such a page would give its contacts' verdicts to those of the next
    /// sending. Parameters: those of the selection.
    /// </summary>
    public const string Redrive = $"""
        UPDATE campaign_sender_parked_pages AS parked
        SET redrive_at = least(redrive_at, clock_timestamp()),
            parked_at = CASE WHEN {WasOvertaken} THEN clock_timestamp() ELSE parked_at END,
            reason = CASE WHEN reason = 'campaign_completed' THEN 'campaign_not_sending' ELSE reason END
        WHERE {IsSelected} AND ({IsNamed} OR (reason <> 'campaign_completed' AND NOT {WasOvertaken}))
        """;

    /// <summary>Parameters: those of the selection, limit.</summary>
    public const string List = $"""
        SELECT id AS "Id", campaign_id AS "CampaignId", page AS "Page", reason AS "Reason", redrives AS "Redrives",
               parked_at AS "ParkedAt", redrive_at AS "RedriveAt"
        FROM campaign_sender_parked_pages
        WHERE {IsSelected}
        ORDER BY redrive_at, id
        LIMIT @limit
        """;

    /// <summary>Parameters: those of the selection.</summary>
    public const string Count = $"SELECT count(*) FROM campaign_sender_parked_pages WHERE {IsSelected}";

    /// <summary>Parameters: those of the selection.</summary>
    public const string Drop = $"DELETE FROM campaign_sender_parked_pages WHERE {IsSelected}";

    /// <summary>
    /// By what they wait for now: whatever a page was parked for, while its campaign does not send it waits for that.
    /// Parameters: campaignId (null: all).
    /// </summary>
    public const string CountByReason = $"""
        SELECT CASE
                   WHEN campaign.status IN (0, 1, 3) THEN 'campaign_not_sending'
                   WHEN {IsOvertaken} THEN 'packed_anew'
                   ELSE parked.reason
               END AS "Reason",
               count(*) AS "Pages",
               extract(epoch FROM clock_timestamp() - min(parked.parked_at))::float8 AS "OldestSeconds",
               count(*) FILTER (WHERE {IsDue}) AS "Due"
        FROM {Parked}
        WHERE @campaignId::uuid IS NULL OR parked.campaign_id = @campaignId
        GROUP BY 1
        """;
}
