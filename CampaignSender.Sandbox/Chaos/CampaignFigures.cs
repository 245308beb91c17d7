namespace CampaignSender.Sandbox.Chaos;

/// <summary>One campaign in the reckoning. Contacts are counted once, whatever their rows.</summary>
internal sealed record CampaignFigures
{
    public required string Title { get; init; }
    public required Guid CampaignId { get; init; }
    public required bool Stopped { get; init; }
    public required int Contacts { get; init; }
    public required int Sent { get; init; }
    public required int Failed { get; init; }
    public required int Skipped { get; init; }
    public required int Pending { get; init; }
    public required int MessagesAtCrm { get; init; }

    /// <summary>Of a stopped campaign: stored, and the answer was lost when it was stopped. Nobody sends it again.</summary>
    public required int PendingThoughSent { get; init; }

    public required int Pages { get; init; }
    public required int PagesReported { get; init; }

    /// <summary>Reports beyond the first of each page, which the tracker ignores.</summary>
    public required int RepeatedReports { get; init; }
}
