using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;

namespace CampaignSender.Sandbox.Crm;

/// <summary>The simulated CRM's own endpoints, for when it runs as a process of its own.</summary>
internal static class CrmControl
{
    public static void MapCrmControl(this IEndpointRouteBuilder application, SimulatedCrm crm)
    {
        var control = application.MapGroup("/__control");
        control.MapPost("/campaigns", (KnownCampaign campaign) => crm.Add(campaign.ToPlan()));
        control.MapPut("/contacts/{id:guid}", (Guid id, SimulatedContact contact) => crm.Set(contact with { Id = id }));
        control.MapDelete("/contacts/{id:guid}", (Guid id) => crm.RemoveContact(id));
        control.MapPost("/faults", (FaultRule rule) => crm.Fail(rule));
        control.MapDelete("/faults", () => crm.StopFailing());
        control.MapPut("/latency/{milliseconds:int}", (int milliseconds) => SetLatency(crm, milliseconds));
        control.MapGet("/messages/{campaignId:guid}", (Guid campaignId) => Reckon(crm, campaignId));
    }

    private static void SetLatency(SimulatedCrm crm, int milliseconds) =>
        crm.Latency = TimeSpan.FromMilliseconds(milliseconds);

    private static IResult Reckon(SimulatedCrm crm, Guid campaignId)
    {
        var byContact = crm.Messages(campaignId).CountBy(message => message.ContactId).ToList();
        return Results.Json(
            new
            {
                messages = byContact.Sum(contact => contact.Value),
                contacts = byContact.Count,
                contactsSentTwice = byContact.Where(contact => contact.Value > 1).Select(contact => contact.Key),
            }
        );
    }

    /// <summary>What the CRM has to know of a campaign.</summary>
    internal sealed record KnownCampaign(Guid InboxId, Guid TemplateId, ChannelType Channel)
    {
        public CampaignPlan ToPlan() =>
            new()
            {
                InboxId = InboxId,
                TemplateId = TemplateId,
                Channel = Channel,
                ContactIds = [],
            };
    }
}
