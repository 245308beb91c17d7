using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;

namespace CampaignSender.Host.DryRuns;

/// <summary>What a dry run has seen. Its samples hold personal data: for the operator's terminal, not for a log.</summary>
internal sealed record DryRunReport
{
    public required Guid CampaignId { get; init; }
    public required CampaignStatus Status { get; init; }
    public required ChannelType Channel { get; init; }
    public required string Template { get; init; }

    /// <summary>Contacts without a verdict when it began.</summary>
    public required long Pending { get; init; }

    /// <summary>Those of them that it has looked at.</summary>
    public required long Seen { get; init; }

    /// <summary>Those that would get a message.</summary>
    public required long WouldBeSent { get; init; }

    public required IReadOnlyList<DryRunRefusal> WouldNotBeSent { get; init; }

    public required IReadOnlyList<DryRunGap> Gaps { get; init; }
    public required IReadOnlyList<DryRunSample> Samples { get; init; }

    /// <summary>Why it ended before its time; null: it did not.</summary>
    public required string? EndedBy { get; init; }
}
