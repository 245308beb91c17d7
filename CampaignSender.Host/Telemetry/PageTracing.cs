using System.Diagnostics;
using CampaignSender.Contracts;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Telemetry;

/// <summary>
/// The spans of a page below MassTransit's: its steps, and of its contacts a sample, each with its requests. No span holds
/// more of a contact than its id.
/// </summary>
internal sealed class PageTracing(IOptions<TraceOptions> options)
{
    public const string SourceName = "CampaignSender";

    /// <summary>The step below which contacts are, sampled or not.</summary>
    private const string SendStep = "send contacts";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Notes on the current span which page it is about.</summary>
    public static void Tag(CampaignsSend page) =>
        Activity
            .Current?.SetTag("campaign_sender.campaign_id", page.CampaignId.ToString())
            .SetTag("campaign_sender.page", page.Page)
            .SetTag("campaign_sender.contacts", page.ContactIds.Count)
            .SetTag("messaging.message.conversation_id", page.CorrelationId.ToString());

    /// <summary>Null while nobody listens.</summary>
    public static Activity? SendContacts() => Source.StartActivity(SendStep);

    /// <inheritdoc cref="SendContacts"/>
    public static Activity? Step(string name) => Source.StartActivity(name);

    /// <summary>Null while nobody listens, and for those that are not in the sample: the same ones on every replica.</summary>
    public Activity? Contact(Guid contactId) =>
        Source.HasListeners() && (uint)contactId.GetHashCode() % 100 < options.Value.ContactsPercent
            ? Source.StartActivity("send to contact")?.SetTag("campaign_sender.contact_id", contactId.ToString())
            : null;

    /// <summary>Whether the request that begins is to have a span: not that of a contact outside of the sample.</summary>
    public static bool IsTraced(HttpRequestMessage request) => Activity.Current?.Parent?.OperationName != SendStep;
}
