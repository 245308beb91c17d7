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
        using var budget = new CancellationTokenSource(parkingOptions.Value.PageTimeBudget, time);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(
            watch.Token,
            budget.Token,
            stop.Stopping,
            cancellationToken
        );
        using var recording = recorder.Open(page.CampaignId, stop.Abandon);
        var held = claims.Open(page);
        var watched = safety.Watch(page.CampaignId);
        var verdicts = new PageVerdicts(held, recording, watched, metrics, logger, leave);
        var orders = new PageOrders(
            page,
            inboxId,
            template,
            held,
            suppressions.Open(page.ChannelType, pending),
            gate,
            hours,
            watched,
            leave
        );
        var run = new PageDispatchRun(
            page.CampaignId,
            held,
            recording,
            verdicts,
            orders,
            dispatcher,
            slots.Open(page.CampaignId),
            metrics,
            tracing,
            time,
            logger,
            leave,
            stop.Abandon
        );

        await run.Run(pending, claims.ChunkSize);
        var halt =
            verdicts.Halt is PageHalt.Left && budget.IsCancellationRequested ? PageHalt.TimeBudget : verdicts.Halt;
        return new DispatchedPage(halt, recording.Contacts);
    }
}
