namespace CampaignSender.Sandbox.Servers;

/// <summary>How PostgreSQL executed a statement, as <c>EXPLAIN (ANALYZE, BUFFERS)</c> tells it.</summary>
internal sealed record StatementPlan
{
    public required IReadOnlyList<string> Statement { get; init; }
    public required double Milliseconds { get; init; }
    public required IReadOnlyList<string> Plan { get; init; }
}
