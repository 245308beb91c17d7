using CampaignSender.Host.Transport;

namespace CampaignSender.Host.Commands;

/// <summary>Dead letters that fit all that is set, the first of them.</summary>
internal sealed record DeadLetterSelection
{
    public string? Reason { get; init; }
    public Guid? CampaignId { get; init; }
    public int Limit { get; init; } = int.MaxValue;

    public bool Fits(DeadLetter letter) =>
        (Reason is null || letter.Reason == Reason) && (CampaignId is null || letter.Page?.CampaignId == CampaignId);
}
