namespace CampaignSender.Contracts;

/// <summary>
/// A message that breaks its contract, now and at every redelivery. Its text names paths and rules, never values, so
/// that it may be logged and put into headers.
/// </summary>
public sealed class InvalidMessageException : Exception
{
    /// <summary>The most violations that the text lists.</summary>
    public const int MaxListed = 20;

    /// <param name="violations">The violations to report, at least one.</param>
    /// <param name="violationCount">How many there are in all, where <paramref name="violations"/> had to be cut.</param>
    public InvalidMessageException(IReadOnlyList<Violation> violations, int violationCount)
        : base(Describe(violations, violationCount))
    {
        Violations = violations;
        ViolationCount = violationCount;
    }

    /// <summary>The broken rules, a fault of the whole document first, then as found; at most 100.</summary>
    public IReadOnlyList<Violation> Violations { get; }

    /// <summary>How many rules are broken in all.</summary>
    public int ViolationCount { get; }

    private static string Describe(IReadOnlyList<Violation> violations, int violationCount)
    {
        var listed = string.Join("; ", violations.Take(MaxListed));
        var more = violationCount - Math.Min(violations.Count, MaxListed);
        return more > 0 ? $"Invalid message: {listed}; and {more} more" : $"Invalid message: {listed}";
    }
}
