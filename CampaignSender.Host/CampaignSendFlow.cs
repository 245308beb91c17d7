using System.Diagnostics;
using CampaignSender.Host.Attempts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Claiming;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Pacing;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Recording;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Tracking;
using CampaignSender.Host.Validation;
using CampaignSender.Host.Windows;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host;

/// <summary>
/// The steps of a page: campaign → survey → gate → window and quota → template → claim, dispatch and record → report, park or end. It may be
/// run again at any point, by any replica: what is settled is skipped, what somebody holds is waited for.
/// </summary>
internal sealed partial class CampaignSendFlow(
    CampaignGate gate,
    SendingHours hours,
    QuotaKeeper quotas,
    ContactClaims claims,
    PageAttempts attempts,
    TemplateCatalog templates,
    PageDispatch dispatch,
    TrackedReporter reporter,
    PageParking parking,
    PagePlaces places,
    StopSignals stop,
    SenderMetrics metrics,
    IOptions<ParkingOptions> parkingOptions,
    TimeProvider time,
    ILogger<CampaignSendFlow> logger
)
{
    /// <summary>The shortest wait for another delivery that is at work on the same page.</summary>
    private static readonly TimeSpan ShortestHold = TimeSpan.FromSeconds(1);

    /// <exception cref="PermanentFaultException">The page can never be sent.</exception>
    /// <exception cref="PageInterruptedException">The service stops; the page returns to the broker.</exception>
    public async Task Run(PageDelivery delivery, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        metrics.PageStarted();
        places.Take();
        var outcome = "faulted";
        try
        {
            outcome = Name(await RunSteps(delivery, cancellationToken));
        }
        catch (Exception exception) when (FaultClassifier.IsLockedOut(exception))
        {
            outcome = Name(await ParkForLonger(delivery, ParkingReason.ClaimedElsewhere, cancellationToken));
        }
        catch (Exception exception) when (FaultClassifier.Classify(exception) is FaultKind.Cancelled)
        {
            outcome = "interrupted";
            throw;
        }
        finally
        {
            places.Return();
            metrics.PageLeft(outcome, time.GetElapsedTime(started));
        }
    }

    private async Task<PageOutcome> RunSteps(PageDelivery delivery, CancellationToken cancellationToken)
    {
        var page = delivery.Page;
        Guid[] contactIds = [.. page.ContactIds.Distinct()];

        var campaign = await FindCampaign(page.CampaignId, cancellationToken);
        var survey = await claims.Survey(page, contactIds, cancellationToken);
        LogSurvey(survey, contactIds.Length);
        if (MustWaitForPacker(survey) && campaign.Passage is Passage.Open or Passage.Waiting)
        {
            return await ParkForLonger(delivery, ParkingReason.PackedAnew, cancellationToken);
        }

        if (survey.IsFinished)
        {
            return await Finish(delivery, survey, contactIds.Length, cancellationToken);
        }

        if (campaign.Passage is not Passage.Open)
        {
            return await Withhold(delivery, campaign.Passage, cancellationToken);
        }

        var inboxId = InboxOf(campaign);
        if (await ParkWhileClosed(delivery, inboxId, cancellationToken) is { } parked)
        {
            return parked;
        }

        using var attempt = await attempts.Begin(delivery, survey.Pending.Length, cancellationToken);
        try
        {
            return await Send(delivery, inboxId, survey, contactIds, cancellationToken);
        }
        finally
        {
            await attempts.End(attempt);
        }
    }

    // Where it was no packer, but the audience of a paused campaign that was computed anew, nobody waits for those who are away.
    private static bool MustWaitForPacker(PageSurvey survey) =>
        survey.IsPackedAnew && (survey.HoldsPagesBack || survey.IsFinished);

    /// <summary>The steps that a page may crash in.</summary>
    private async Task<PageOutcome> Send(
        PageDelivery delivery,
        Guid inboxId,
        PageSurvey survey,
        Guid[] contactIds,
        CancellationToken cancellationToken
    )
    {
        var page = delivery.Page;
        var lookup = await FindTemplate(page.TemplateId, inboxId, cancellationToken);
        if (lookup is not TemplateLookup.Found { Template: var template })
        {
            return await ParkForLonger(delivery, ReasonFor(lookup), cancellationToken);
        }

        var dispatched = await dispatch.Run(page, inboxId, template, survey.Pending, cancellationToken);

        var after = AfterAll(survey, dispatched.Recorded) ?? await claims.Survey(page, contactIds, cancellationToken);
        if (after.IsPackedAnew)
        {
            return await ParkForLonger(delivery, ParkingReason.PackedAnew, cancellationToken);
        }

        return after.IsFinished
            ? await Finish(delivery, after, contactIds.Length, cancellationToken)
            : await Halt(delivery, inboxId, after, dispatched, cancellationToken);
    }

    // Where all that were pending were recorded here the database need not be asked where they stand.
    private static PageSurvey? AfterAll(PageSurvey before, RecordedContacts recorded) =>
        recorded.Count == before.Pending.Length
            ? before with
            {
                Sent = before.Sent + recorded.Sent,
                Failed = before.Failed + recorded.Failed,
                Skipped = before.Skipped + recorded.Skipped,
                HeldFor = null,
                Pending = [],
            }
            : null;

    private async Task<TemplateLookup> FindTemplate(Guid templateId, Guid inboxId, CancellationToken cancellationToken)
    {
        using var step = PageTracing.Step("find template");
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Stopping, cancellationToken);
        return await templates.Find(templateId, inboxId, either.Token);
    }

    private static ParkingReason ReasonFor(TemplateLookup lookup) =>
        lookup switch
        {
            TemplateLookup.Unauthorized => ParkingReason.CrmUnauthorized,
            TemplateLookup.Throttled => ParkingReason.CrmThrottled,
            _ => ParkingReason.CrmUnavailable,
        };

    private async Task<Campaign> FindCampaign(Guid campaignId, CancellationToken cancellationToken) =>
        await gate.Find(campaignId, cancellationToken)
        ?? throw new PermanentFaultException(
            PermanentFaultReasons.UnknownCampaign,
            $"Campaign {campaignId} does not exist"
        );

    private static Guid InboxOf(Campaign campaign) =>
        campaign.InboxId
        ?? throw new PermanentFaultException(
            PermanentFaultReasons.NoInbox,
            $"Campaign {campaign.Id} has no inbox: expected campaigns.inbox_id to be set"
        );

    private async Task<PageOutcome> Finish(
        PageDelivery delivery,
        PageSurvey survey,
        int contacts,
        CancellationToken cancellationToken
    )
    {
        LogProcessed(logger, delivery.Page.Page, delivery.Page.CampaignId, survey.Sent, survey.Failed, survey.Skipped);
        var missing = contacts - survey.Sent - survey.Failed - survey.Skipped;
        if (missing > 0)
        {
            LogMissing(logger, delivery.Page.Page, delivery.Page.CampaignId, missing);
        }

        using var step = PageTracing.Step("report page");
        await reporter.Report(delivery.Page, survey.Sent, survey.Failed, cancellationToken);
        if (survey.HoldsPagesBack)
        {
            // The packer has published once more what was parked before: nobody waits a day for that.
            await parking.Forget(delivery, cancellationToken);
        }

        return new PageOutcome.Finished();
    }

    /// <summary>Decides what becomes of a page that has pending contacts left.</summary>
    private async Task<PageOutcome> Halt(
        PageDelivery delivery,
        Guid inboxId,
        PageSurvey survey,
        DispatchedPage dispatched,
        CancellationToken cancellationToken
    )
    {
        var page = delivery.Page;
        if (await gate.Check(page.CampaignId, cancellationToken) is var passage and not Passage.Open)
        {
            return await Withhold(delivery, passage, cancellationToken);
        }

        if (stop.Stopping.IsCancellationRequested)
        {
            throw new PageInterruptedException(page.CampaignId, page.Page);
        }

        if (await ParkWhileClosed(delivery, inboxId, cancellationToken) is { } parked)
        {
            return parked;
        }

        return dispatched.Halt switch
        {
            PageHalt.Unauthorized => await ParkForLonger(delivery, ParkingReason.CrmUnauthorized, cancellationToken),
            PageHalt.Throttled => await ParkForLonger(delivery, ParkingReason.CrmThrottled, cancellationToken),
            PageHalt.Unavailable => await ParkForLonger(delivery, ParkingReason.CrmUnavailable, cancellationToken),
            PageHalt.TimeBudget => await Park(delivery, ParkingReason.TimeBudget, TimeSpan.Zero, cancellationToken),
            PageHalt.Awaited => await Park(delivery, ParkingReason.OutcomeAwaited, HoldOf(survey), cancellationToken),
            PageHalt.Unverified => await Park(
                delivery,
                ParkingReason.OutcomeUnverified,
                HoldOf(survey),
                cancellationToken
            ),
            // Nobody holds one of them, and none could be claimed: that may last until an operator has seen to its rows.
            _ when survey.HeldFor <= TimeSpan.Zero && dispatched.Recorded.Count == 0 => await ParkForLonger(
                delivery,
                ParkingReason.ClaimedElsewhere,
                cancellationToken
            ),
            _ => await Park(delivery, ParkingReason.ClaimedElsewhere, HoldOf(survey), cancellationToken),
        };
    }

    /// <summary>Null: messages may go out now.</summary>
    private async Task<PageOutcome?> ParkWhileClosed(
        PageDelivery delivery,
        Guid inboxId,
        CancellationToken cancellationToken
    )
    {
        if (await hours.ClosedFor(delivery.Page.CampaignId, cancellationToken) is { } untilOpening)
        {
            return await Park(delivery, ParkingReason.WindowClosed, untilOpening, cancellationToken);
        }

        if (await quotas.ClosedFor(inboxId, cancellationToken) is { } untilSomeIsLeft)
        {
            return await Park(delivery, ParkingReason.QuotaUsedUp, untilSomeIsLeft, cancellationToken);
        }

        return null;
    }

    private async Task<PageOutcome> Withhold(
        PageDelivery delivery,
        Passage passage,
        CancellationToken cancellationToken
    )
    {
        switch (passage)
        {
            // There is no way back, so a message alone does not do.
            case Passage.Ended when await gate.Ask(delivery.Page.CampaignId, cancellationToken) is Passage.Ended:
                LogStopped(logger, delivery.Page.Page, delivery.Page.CampaignId);
                return new PageOutcome.Ended();
            // It may send again by now, and then the page does not wait for an operator.
            case Passage.Completed
                when await gate.Ask(delivery.Page.CampaignId, cancellationToken) is Passage.Completed:
                // evo-flow may have counted pages of an earlier execution, or of an earlier packing: whoever is pending
                // is not to be forgotten for that.
                LogCompleted(logger, delivery.Page.Page, delivery.Page.CampaignId);
                return await Park(delivery, ParkingReason.CampaignCompleted, TimeSpan.Zero, cancellationToken);
            default:
                LogPaused(logger, delivery.Page.Page, delivery.Page.CampaignId);
                return await Park(delivery, ParkingReason.CampaignNotSending, TimeSpan.Zero, cancellationToken);
        }
    }

    // The longer others take, the longer the wait: up to eight times the first one.
    private Task<PageOutcome> ParkForLonger(
        PageDelivery delivery,
        ParkingReason reason,
        CancellationToken cancellationToken
    ) =>
        Park(
            delivery,
            reason,
            parkingOptions.Value.RetryDelay * (1 << Math.Min(delivery.Redrives, 3)),
            cancellationToken
        );

    private async Task<PageOutcome> Park(
        PageDelivery delivery,
        ParkingReason reason,
        TimeSpan delay,
        CancellationToken cancellationToken
    )
    {
        await parking.Park(delivery, reason, delay, cancellationToken);
        return new PageOutcome.Parked(reason);
    }

    // Until the first foreign claim ends: its owner has finished by then, or has lost it.
    private static TimeSpan HoldOf(PageSurvey survey) =>
        survey.HeldFor is { } held && held > ShortestHold ? held : ShortestHold;

    private void LogSurvey(PageSurvey survey, int contacts)
    {
        Activity.Current?.SetTag("campaign_sender.contacts.pending", survey.Pending.Length);
        if (survey.Sent > 0)
        {
            LogAlreadySent(logger, survey.Sent, contacts);
        }
    }

    private static string Name(PageOutcome outcome) =>
        outcome switch
        {
            PageOutcome.Finished => "finished",
            PageOutcome.Parked => "parked",
            _ => "ended",
        };

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "campaign.batch.processed: page {Page} of {CampaignId}: {Sent} sent, {Failed} failed, {Skipped} skipped"
    )]
    private static partial void LogProcessed(
        ILogger logger,
        int page,
        Guid campaignId,
        int sent,
        int failed,
        int skipped
    );

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Page {Page} of {CampaignId}: {Count} contacts have no row in campaigns_contacts and get no message"
    )]
    private static partial void LogMissing(ILogger logger, int page, Guid campaignId, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "skipped: already sent: {Count} of {Contacts} contacts")]
    private static partial void LogAlreadySent(ILogger logger, int count, int contacts);

    [LoggerMessage(Level = LogLevel.Information, Message = "aborted: campaign paused: page {Page} of {CampaignId}")]
    private static partial void LogPaused(ILogger logger, int page, Guid campaignId);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "aborted: campaign completed: page {Page} of {CampaignId} has contacts that are pending"
    )]
    private static partial void LogCompleted(ILogger logger, int page, Guid campaignId);

    [LoggerMessage(Level = LogLevel.Information, Message = "aborted: campaign stopped: page {Page} of {CampaignId}")]
    private static partial void LogStopped(ILogger logger, int page, Guid campaignId);
}
