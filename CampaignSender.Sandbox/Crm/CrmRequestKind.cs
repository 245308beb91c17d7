namespace CampaignSender.Sandbox.Crm;

internal enum CrmRequestKind
{
    Unknown,
    Contact,
    Template,
    TemplatesOfInbox,

    /// <summary>A POST of a conversation with a message.</summary>
    Post,

    /// <summary>A POST of a conversation without a message: asks for the thread.</summary>
    Lookup,
}
