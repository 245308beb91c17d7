using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Claiming;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Recording;
using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host;

/// <summary>Claims, dispatches and records the pending contacts of a page, chunk by chunk, with all three overlapping.</summary>
internal sealed class PageDispatch(
    CampaignGate gate,
    ContactClaims claims,
    ContactDispatcher dispatcher,
    OutcomeRecorder recorder,
    StopSignals stop,
    SenderMetrics metrics,
    IOptions<ParkingOptions> parkingOptions,
    TimeProvider time,
    ILogger<PageDispatchRun> logger
)
{
    public async Task<PageHalt> Run(
        CampaignsSend page,
        Guid inboxId,
        CrmTemplate template,
        Guid[] pending,
        CancellationToken cancellationToken
    )
    {
        using var watch = gate.Watch(page.CampaignId);
        using var budget = new CancellationTokenSource(parkingOptions.Value.PageTimeBudget, time);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(
            watch.Token,
            budget.Token,
            stop.Stopping,
            cancellationToken
        );
        using var recording = recorder.Open(page.CampaignId, stop.Abandon);
        var run = new PageDispatchRun(
            page,
            inboxId,
            template,
            claims.Open(page.CampaignId),
            recording,
            gate,
            dispatcher,
            metrics,
            logger,
            leave,
            stop.Abandon
        );

        await run.Run(pending, claims.ChunkSize);
        return run.Halt is PageHalt.Left && budget.IsCancellationRequested ? PageHalt.TimeBudget : run.Halt;
    }
}
