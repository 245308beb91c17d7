namespace CampaignSender.Contracts;

/// <summary>Asks the packer to cut a campaign into pages. Published by the scheduler on <see cref="Topics.Pack"/>.</summary>
public sealed record CampaignsPack
{
    /// <summary>The campaign to pack.</summary>
    public required Guid CampaignId { get; init; }

    /// <summary>When it was triggered; the offset is the publisher's.</summary>
    public required DateTimeOffset TriggeredAt { get; init; }

    /// <summary>Why it was triggered.</summary>
    public required PackTrigger TriggeredBy { get; init; }

    /// <summary>Follows the campaign through all services: a version 4 uuid.</summary>
    public required Guid CorrelationId { get; init; }
}
