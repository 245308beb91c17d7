using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Claiming;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Recording;
using CampaignSender.Host.Safety;
using CampaignSender.Host.Suppression;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Windows;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host;

/// <summary>Claims, dispatches and records the pending contacts of a page, chunk by chunk, with all three overlapping.</summary>
internal sealed class PageDispatch(
    CampaignGate gate,
    SendingHours hours,
    ContactClaims claims,
    SuppressionCheck suppressions,
    ContactDispatcher dispatcher,
    DispatchSlots slots,
    OutcomeRecorder recorder,
    SafetyMonitor safety,
    PagePlaces places,
    StopSignals stop,
    SenderMetrics metrics,
    PageTracing tracing,
    IOptions<ParkingOptions> parkingOptions,
    TimeProvider time,
    ILogger<PageDispatchRun> logger
)
{
    public async Task<DispatchedPage> Run(
        CampaignsSend page,
        Guid inboxId,
        CrmTemplate template,
        Guid[] pending,
        CancellationToken cancellationToken
    )
    {
        using var step = PageTracing.SendContacts();
        using var watch = gate.Watch(page.CampaignId);
        using var end = new PageEnd(
            parkingOptions.Value.PageTimeBudget,
            time,
            watch.Token,
            stop.Stopping,
            cancellationToken
        );
        using var recording = recorder.Open(page.CampaignId, stop.Abandon);
        var held = claims.Open(page);
        var watched = safety.Watch(page.CampaignId);
        var pageSlots = slots.Open(page.CampaignId, () => MakeRoom(end));
        using var stay = places.Ask(pageSlots.TellOfRest);
        var verdicts = new PageVerdicts(held, recording, watched, end, metrics, logger);
        var orders = new PageOrders(
            page,
            inboxId,
            template,
            held,
            suppressions.Open(page.ChannelType, pending),
            gate,
            hours,
            watched,
            end
        );
        var run = new PageDispatchRun(
            page.CampaignId,
            held,
            recording,
            verdicts,
            orders,
            dispatcher,
            pageSlots,
            end,
            metrics,
            tracing,
            time,
            logger,
            stop.Abandon
        );

        await run.Run(pending, claims.ChunkSize);
        return new DispatchedPage(end.Halt, recording.Contacts);
    }

    // A request in a thousand that the CRM leaves without an answer is one in most pages, and each would hold its page's place
    // for most of a minute, with nothing in flight.
    private void MakeRoom(PageEnd end)
    {
        if (places.AreAllTaken)
        {
            _ = end.Leave();
        }
    }
}
