namespace CampaignSender.Sandbox.Servers;

/// <summary>What a statement took in the mean of its calls.</summary>
internal sealed record StatementCost
{
    public required string Text { get; init; }
    public required long Calls { get; init; }
    public required double Milliseconds { get; init; }
    public required double Rows { get; init; }

    /// <summary>Blocks of 8 KB that it looked at.</summary>
    public required double Blocks { get; init; }

    /// <summary>Those of them that were not in PostgreSQL's own cache.</summary>
    public required double BlocksRead { get; init; }

    public required double BlocksDirtied { get; init; }
    public required double WalBytes { get; init; }
}
