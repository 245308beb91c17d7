namespace CampaignSender.Host.Windows;

/// <summary>A sending window as it is stored.</summary>
internal sealed record WindowSetting
{
    /// <summary>Of the time zone database: <c>America/Sao_Paulo</c>.</summary>
    public required string Zone { get; init; }

    /// <summary>Each as <see cref="OpenHours"/> reads it.</summary>
    public required string[] Hours { get; init; }

    /// <summary>Days on which it stays closed: <c>2026-12-25</c>.</summary>
    public required string[] Holidays { get; init; }

    /// <summary>It was set for one campaign; otherwise for all that have none of their own.</summary>
    public bool IsOfCampaign { get; init; }
}
