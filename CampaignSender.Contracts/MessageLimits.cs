namespace CampaignSender.Contracts;

/// <summary>How large a message may be.</summary>
public sealed record MessageLimits
{
    /// <summary>The limits where nothing else is configured.</summary>
    public static MessageLimits Default { get; } = new();

    /// <summary>The most contact ids in one page. The packer publishes 1,000 by default.</summary>
    public int MaxContactIds { get; init; } = 10_000;
}
