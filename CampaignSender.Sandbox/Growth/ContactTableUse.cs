namespace CampaignSender.Sandbox.Growth;

/// <summary>What PostgreSQL has counted for the table of contacts; MB of 1,000,000 bytes.</summary>
internal sealed record ContactTableUse
{
    public required long Updates { get; init; }

    /// <summary>Updates that touched no index: the new row version is on the page of the old one.</summary>
    public required long HotUpdates { get; init; }

    public required long DeadRows { get; init; }
    public required decimal TableMb { get; init; }
    public required decimal IndexesMb { get; init; }
}
