namespace CampaignSender.Host.Crm;

/// <summary>A message template of the CRM.</summary>
internal sealed record CrmTemplate
{
    /// <summary>The CRM's; null for a template out of an older installation's database, which the CRM does not know by id.</summary>
    public string? Id { get; init; }

    public required string Name { get; init; }

    public required string Content
    {
        get;
        init => (field, Text) = (value, TemplateText.Parse(value));
    }

    /// <summary>The content, ready to be filled.</summary>
    public TemplateText Text { get; private init; } = TemplateText.Parse("");

    /// <summary>Of an e-mail; null for other channels.</summary>
    public string? Subject
    {
        get;
        init => (field, SubjectText) = (value, TemplateText.Parse(value ?? ""));
    }

    public TemplateText SubjectText { get; private init; } = TemplateText.Parse("");

    public string? Language { get; init; }
    public string? Category { get; init; }

    /// <summary>The names of its variables, in the order that positional WhatsApp templates need.</summary>
    public required IReadOnlyList<string> Variables { get; init; }
}
