namespace CampaignSender.Sandbox.Commands;

/// <summary>Values of one option. As text, and so in the help, they are what can be typed.</summary>
internal sealed record Several<T>(IReadOnlyList<T> Values)
    where T : notnull
{
    public override string ToString() => string.Join(' ', Values).ToLowerInvariant();
}
