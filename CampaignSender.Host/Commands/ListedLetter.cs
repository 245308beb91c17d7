using CampaignSender.Host.Transport;

namespace CampaignSender.Host.Commands;

/// <summary>A dead letter as an operator sees it.</summary>
internal sealed record ListedLetter
{
    /// <summary>Its place among all, from 1.</summary>
    public required int Number { get; init; }
    public required string Reason { get; init; }

    /// <summary>Null: its body is no page.</summary>
    public required Guid? CampaignId { get; init; }
    public required int? Page { get; init; }
    public required Guid? CorrelationId { get; init; }
    public required int Replays { get; init; }
    public required int Bytes { get; init; }

    public static ListedLetter Of(DeadLetter letter, int number)
    {
        var page = letter.Page;
        return new ListedLetter
        {
            Number = number,
            Reason = letter.Reason,
            CampaignId = page?.CampaignId,
            Page = page?.Page,
            CorrelationId = page?.CorrelationId,
            Replays = letter.Replays,
            Bytes = letter.Body.Length,
        };
    }
}
