namespace CampaignSender.Contracts;

/// <summary>
/// The report of a finished page. Published by the sender on <see cref="Topics.Tracked"/>; of several reports of one
/// page the tracker keeps the first.
/// </summary>
public sealed record CampaignsTracked
{
    /// <summary>The campaign that the page belongs to.</summary>
    public required Guid CampaignId { get; init; }

    /// <summary>The number of the page, 0 or more.</summary>
    public required int Page { get; init; }

    /// <summary>How many of the page's contacts were sent to, by the database and not by one delivery's work.</summary>
    public required int SentCount { get; init; }

    /// <summary>How many of the page's contacts failed, counted in the same way.</summary>
    public required int FailedCount { get; init; }

    /// <summary>Whether this was the campaign's last page: its number equals the number of pages.</summary>
    public required bool Completed { get; init; }

    /// <summary>The correlation id of the page's <see cref="CampaignsSend"/>.</summary>
    public required Guid CorrelationId { get; init; }
}
