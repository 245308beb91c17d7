using CampaignSender.Host.Transport;

namespace CampaignSender.Host.Commands;

/// <summary>Dead letters that fit all that is set, the first of them.</summary>
internal sealed record DeadLetterSelection
{
    public string? Reason { get; init; }
    public Guid? CampaignId { get; init; }
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>Of a letter that has one; null: wherever it is.</summary>
    public IReadOnlySet<string>? Places { get; init; }

    public bool Fits(DeadLetter letter) =>
        (Places is null || letter.Place is not { } place || Places.Contains(place))
        && (Reason is null || letter.Reason == Reason)
        && (CampaignId is null || letter.Page?.CampaignId == CampaignId);
}
