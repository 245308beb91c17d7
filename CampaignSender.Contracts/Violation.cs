namespace CampaignSender.Contracts;

/// <summary>One rule that a message breaks. Holds no value of the message.</summary>
/// <param name="Path">Where, as a JSON path: <c>$.contactIds[3]</c>; <c>$</c> is the whole document.</param>
/// <param name="Rule">What is expected there; reads on from the path: <c>must be true or false</c>.</param>
public sealed record Violation(string Path, string Rule)
{
    /// <summary>The path and the rule as one sentence.</summary>
    public override string ToString() => $"{Path} {Rule}";
}
