namespace CampaignSender.Host.Crm;

/// <summary>A message template of the CRM.</summary>
internal sealed record CrmTemplate
{
    private IReadOnlyList<(string Written, string Key)>? _doubled;

    /// <summary>The CRM's; null for a template out of an older installation's database, which the CRM does not know by id.</summary>
    public string? Id { get; init; }

    public required string Name { get; init; }

    public required string Content
    {
        get;
        init => (field, Text, _doubled) = (value, TemplateText.Parse(value), null);
    }

    /// <summary>The content, ready to be filled.</summary>
    public TemplateText Text { get; private init; } = TemplateText.Parse("");

    /// <summary>Of an e-mail; null for other channels.</summary>
    public string? Subject
    {
        get;
        init => (field, SubjectText, _doubled) = (value, TemplateText.Parse(value ?? ""), null);
    }

    public TemplateText SubjectText { get; private init; } = TemplateText.Parse("");

    /// <summary>The placeholders in double braces of content and subject, put together once and not for each contact.</summary>
    public IReadOnlyList<(string Written, string Key)> Doubled =>
        _doubled ??= [.. Text.Doubled.Union(SubjectText.Doubled)];

    /// <summary>False: switched off. The CRM would put in its place whatever text it was sent.</summary>
    public bool IsActive { get; init; } = true;

    public string? Language { get; init; }
    public string? Category { get; init; }

    /// <summary>The names of its variables, in the order that positional WhatsApp templates need.</summary>
    public required IReadOnlyList<string> Variables { get; init; }
}
