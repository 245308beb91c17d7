namespace CampaignSender.Host.Windows;

internal static class WindowSql
{
    /// <summary>The campaign's own goes before that of all. Parameters: campaignId, allCampaigns.</summary>
    public const string Read = """
        SELECT zone AS "Zone", hours AS "Hours", holidays AS "Holidays", campaign_id <> @allCampaigns AS "IsOfCampaign"
        FROM campaign_sender_windows
        WHERE campaign_id IN (@campaignId, @allCampaigns)
        ORDER BY campaign_id = @allCampaigns
        LIMIT 1
        """;

    /// <summary>Parameters: campaignId, zone, hours, holidays.</summary>
    public const string Set = """
        INSERT INTO campaign_sender_windows (campaign_id, zone, hours, holidays)
        VALUES (@campaignId, @zone, @hours, @holidays)
        ON CONFLICT (campaign_id) DO UPDATE
        SET zone = excluded.zone, hours = excluded.hours, holidays = excluded.holidays
        """;

    /// <summary>Parameters: campaignId.</summary>
    public const string Clear = "DELETE FROM campaign_sender_windows WHERE campaign_id = @campaignId";
}
