namespace CampaignSender.Host.Crm;

/// <summary>A message template of the CRM.</summary>
internal sealed record CrmTemplate
{
    public required string Name { get; init; }
    public required string Content { get; init; }
    public string? Language { get; init; }
    public string? Category { get; init; }

    /// <summary>The names of its variables, in the order that positional WhatsApp templates need.</summary>
    public required IReadOnlyList<string> Variables { get; init; }
}
