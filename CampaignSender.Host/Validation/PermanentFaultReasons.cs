namespace CampaignSender.Host.Validation;

internal static class PermanentFaultReasons
{
    public const string MalformedPayload = "malformed_payload";
    public const string UnknownCampaign = "unknown_campaign";
    public const string NoInbox = "no_inbox";
    public const string UnknownTemplate = "unknown_template";

    /// <summary>Whoever began it crashed, again and again.</summary>
    public const string DeliveryLimit = "delivery_limit";

    /// <summary>The consumer failed again and again for a reason that nobody foresaw.</summary>
    public const string Unexpected = "unexpected";

    public static IReadOnlyList<string> All { get; } =
    [MalformedPayload, UnknownCampaign, NoInbox, UnknownTemplate, DeliveryLimit, Unexpected];
}
