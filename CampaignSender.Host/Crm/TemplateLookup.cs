namespace CampaignSender.Host.Crm;

internal abstract record TemplateLookup
{
    private TemplateLookup() { }

    internal sealed record Found(CrmTemplate Template) : TemplateLookup;

    /// <summary>The CRM refuses our credentials.</summary>
    internal sealed record Unauthorized : TemplateLookup;

    /// <summary>The CRM wants fewer requests.</summary>
    internal sealed record Throttled : TemplateLookup;

    /// <summary>The CRM does not answer as it should.</summary>
    internal sealed record Unavailable : TemplateLookup;
}
