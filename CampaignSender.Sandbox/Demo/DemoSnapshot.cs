namespace CampaignSender.Sandbox.Demo;

/// <summary>What there is to see at one moment.</summary>
internal sealed record DemoSnapshot
{
    public required TimeSpan Elapsed { get; init; }
    public required IReadOnlyList<CampaignProgress> Campaigns { get; init; }

    /// <summary>Contacts settled per second, since the snapshot before.</summary>
    public required double Rate { get; init; }

    public required long Parked { get; init; }

    /// <summary>Pages that are ready in the queue.</summary>
    public required long Lag { get; init; }

    public required long DeadLettered { get; init; }

    /// <summary>What has happened, the latest last.</summary>
    public required IReadOnlyList<string> Events { get; init; }
}
