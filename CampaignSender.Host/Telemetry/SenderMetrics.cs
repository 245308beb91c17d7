using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Recording;
using CampaignSender.Host.Transport;
using CampaignSender.Host.Validation;

namespace CampaignSender.Host.Telemetry;

/// <summary>All instruments of the sender, behind verbs. Durations in seconds, tags bounded.</summary>
internal sealed class SenderMetrics : IDisposable
{
    public const string MeterName = "CampaignSender";
    public const string ConsumerLagName = "campaign_sender.consumer.lag";

    private const string Claimed = "claimed";
    private const string Released = "released";
    private const string TakenOver = "taken_over";
    private const string Lost = "lost";

    private readonly Meter _meter;
    private readonly Histogram<double> _pageDuration;
    private readonly Histogram<double> _requestDuration;
    private readonly Histogram<double> _turnWait;
    private readonly Counter<long> _contacts;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _claims;
    private readonly Counter<long> _parked;
    private readonly Counter<long> _redriven;
    private readonly Counter<long> _redrivesFailed;
    private readonly Counter<long> _heldBack;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _verifications;
    private readonly Counter<long> _circuitOpenings;
    private readonly Counter<long> _throttled;
    private readonly Counter<long> _safetyStops;
    private readonly Counter<long> _quotasNearlyUsedUp;
    private readonly ConcurrentDictionary<string, ParkedCount> _parkedNow = new();
    private IReadOnlyList<ConsumerLag> _lag = [];
    private int? _partitions;
    private int? _recentSafetyStops;
    private int? _standingCampaigns = 0;
    private int _pagesInWork;
    private double _crmPace = double.NaN;
    private int _inFlight;

    public SenderMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _pageDuration = _meter.CreateHistogram<double>(
            "campaign_sender.page.duration",
            "s",
            "From the delivery of a page to its outcome",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = HistogramBuckets.Page }
        );
        _requestDuration = _meter.CreateHistogram<double>(
            "campaign_sender.crm.request.duration",
            "s",
            "From a request to the CRM to its answer, by kind; kind dispatch is the posting of a message",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = HistogramBuckets.Request }
        );
        _turnWait = _meter.CreateHistogram<double>(
            "campaign_sender.rate_limit.wait",
            "s",
            "How long a message waited for the rate limit of its inbox",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = HistogramBuckets.Page }
        );
        _contacts = _meter.CreateCounter<long>("campaign_sender.contacts", "{contact}", "Contacts settled, by outcome");
        _errors = _meter.CreateCounter<long>(
            "campaign_sender.errors",
            "{error}",
            "Failed requests to the CRM and dead letters, by category"
        );
        _retries = _meter.CreateCounter<long>(
            "campaign_sender.dispatch.retries",
            "{retry}",
            "Retries scheduled, by category"
        );
        _claims = _meter.CreateCounter<long>(
            "campaign_sender.claims",
            "{contact}",
            "Contacts claimed, released, taken over after expiry, or lost"
        );
        _parked = _meter.CreateCounter<long>("campaign_sender.pages.parked", "{page}", "Pages parked, by reason");
        _redriven = _meter.CreateCounter<long>(
            "campaign_sender.pages.redriven",
            "{page}",
            "Parked pages published again"
        );
        _redrivesFailed = _meter.CreateCounter<long>(
            "campaign_sender.redrives.failed",
            "{page}",
            "Times that a parked page could not be published again"
        );
        _heldBack = _meter.CreateCounter<long>(
            "campaign_sender.messages.held_back",
            "{message}",
            "Times that a message could be neither settled nor dead-lettered"
        );
        _deadLetters = _meter.CreateCounter<long>(
            "campaign_sender.dead_letters",
            "{message}",
            "Dead letters, by reason"
        );
        _verifications = _meter.CreateCounter<long>(
            "campaign_sender.dispatch.verifications",
            "{verification}",
            "Uncertain dispatches looked up in the CRM, by result"
        );
        _circuitOpenings = _meter.CreateCounter<long>(
            "campaign_sender.crm.circuit_openings",
            "{opening}",
            "Times that requests to the CRM were given up for a while"
        );
        _safetyStops = _meter.CreateCounter<long>(
            "campaign_sender.safety_stops",
            "{campaign}",
            "Campaigns that the sender paused because too many of their contacts failed"
        );
        _meter.CreateObservableGauge(
            "campaign_sender.safety_stops.recent",
            ObserveSafetyStops,
            "{campaign}",
            "Campaigns that the sender paused by itself in the last day and that are paused still"
        );
        _meter.CreateObservableGauge(
            "campaign_sender.campaigns.standing_still",
            ObserveStandingCampaigns,
            "{campaign}",
            "Campaigns that send and have contacts pending, of which nothing has happened for half an hour"
        );
        _quotasNearlyUsedUp = _meter.CreateCounter<long>(
            "campaign_sender.quotas.nearly_used_up",
            "{inbox}",
            "Times that this replica saw an inbox pass 90 % of its quota; the log names it"
        );
        _throttled = _meter.CreateCounter<long>(
            "campaign_sender.crm.throttled",
            "{request}",
            "Requests that the CRM wants to be made later: 429, and messages that collide with another one (422)"
        );
        _meter.CreateObservableGauge(
            "campaign_sender.crm.request_rate.limit",
            ObserveCrmPace,
            "{request}/s",
            "Requests a second that the CRM was found to take; nothing while it refuses none"
        );
        _meter.CreateObservableUpDownCounter(
            "campaign_sender.dispatch.in_flight",
            () => Volatile.Read(ref _inFlight),
            "{request}",
            "Requests to the CRM in flight, and those that wait for the pace that it takes"
        );
        _meter.CreateObservableUpDownCounter(
            "campaign_sender.pages.in_work",
            () => Volatile.Read(ref _pagesInWork),
            "{page}",
            "Pages in work"
        );
        _meter.CreateObservableGauge(
            "campaign_sender.parked_pages",
            ObserveParked,
            "{page}",
            "Pages parked now, by reason"
        );
        _meter.CreateObservableGauge(
            "campaign_sender.parked_pages.oldest",
            ObserveOldest,
            "s",
            "Time since the oldest parked page was parked last, by reason"
        );
        _meter.CreateObservableGauge(
            ConsumerLagName,
            ObserveLag,
            "{message}",
            "Messages that wait, by topic and partition"
        );
        _meter.CreateObservableGauge(
            "campaign_sender.consumer.partitions",
            ObservePartitions,
            "{partition}",
            "Kafka partitions assigned to this replica"
        );
        ShowZeros();
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>No page is in work here, and it is known that none waits.</summary>
    public bool IsIdle =>
        Volatile.Read(ref _pagesInWork) == 0
        && Volatile.Read(ref _lag) is { Count: > 0 } lag
        && lag.All(each => each.Messages == 0);

    public void PageStarted() => Interlocked.Increment(ref _pagesInWork);

    public void PageLeft(string outcome, TimeSpan duration)
    {
        Interlocked.Decrement(ref _pagesInWork);
        _pageDuration.Record(duration.TotalSeconds, Tag("outcome", outcome));
    }

    /// <summary><paramref name="category"/>: the error category; null where all went well.</summary>
    public void RequestAnswered(string kind, string? category, TimeSpan duration)
    {
        var tags = new TagList { { "kind", kind }, { "outcome", category ?? "ok" } };
        _requestDuration.Record(duration.TotalSeconds, tags);
        if (category is not null)
        {
            ErrorOccurred(category);
        }
    }

    public void TurnTaken(TimeSpan wait) => _turnWait.Record(wait.TotalSeconds);

    public void ErrorOccurred(string category) => _errors.Add(1, Tag("category", category));

    public void ContactSettled(ContactStatus status, string? code) => _contacts.Add(1, ContactTags(status, code));

    public void RetryScheduled(string? category) => _retries.Add(1, Tag("category", category ?? "none"));

    public void ContactsClaimed(int count) => CountClaims(Claimed, count);

    public void ClaimsReleased(int count) => CountClaims(Released, count);

    public void ClaimsTakenOver(int count) => CountClaims(TakenOver, count);

    public void ClaimLost() => CountClaims(Lost, 1);

    public void PageParked(ParkingReason reason) => _parked.Add(1, Tag("reason", reason.Name()));

    public void PageRedriven(string reason) => _redriven.Add(1, Tag("reason", reason));

    public void RedriveFailed() => _redrivesFailed.Add(1);

    /// <summary>It is tried again; with Kafka its partition waits meanwhile.</summary>
    public void MessageHeldBack() => _heldBack.Add(1);

    public void DeadLettered(string reason) => _deadLetters.Add(1, Tag("reason", reason));

    /// <summary>Whether the message was found; null: the CRM could not say.</summary>
    public void Verified(bool? wasFound) => _verifications.Add(1, Tag("result", VerificationResult(wasFound)));

    public void CircuitOpened() => _circuitOpenings.Add(1);

    public void CampaignStoppedItself() => _safetyStops.Add(1);

    public void QuotaNearlyUsedUp() => _quotasNearlyUsedUp.Add(1);

    public void RequestThrottled() => _throttled.Add(1);

    /// <summary><paramref name="rate"/>: requests a second; null: no limit.</summary>
    public void CrmPaceChanged(double? rate) => _crmPace = rate ?? double.NaN;

    public void SlotTaken() => Interlocked.Increment(ref _inFlight);

    public void SlotReturned() => Interlocked.Decrement(ref _inFlight);

    public void ParkedPagesCounted(IEnumerable<ParkedCount> counts)
    {
        var now = counts.ToDictionary(count => count.Reason);
        foreach (var reason in Enum.GetValues<ParkingReason>().Select(ParkingReasonNames.Name))
        {
            _parkedNow[reason] = now.GetValueOrDefault(reason) ?? new ParkedCount(reason, 0, 0, 0);
        }
    }

    public void ParkedPagesUnknown() => _parkedNow.Clear();

    /// <summary><paramref name="count"/>: null where they cannot be counted.</summary>
    public void SafetyStopsCounted(int? count) => _recentSafetyStops = count;

    /// <param name="count">Null: they cannot be counted.</param>
    public void StandingCampaignsCounted(int? count) => _standingCampaigns = count;

    public void LagMeasured(IReadOnlyList<ConsumerLag> lag) => Volatile.Write(ref _lag, lag);

    public void PartitionsAssigned(int partitions) => _partitions = partitions;

    /// <summary>The first of something is seen as a rise only where there was a zero before.</summary>
    private void ShowZeros()
    {
        foreach (
            var counter in new[]
            {
                _safetyStops,
                _quotasNearlyUsedUp,
                _circuitOpenings,
                _throttled,
                _redrivesFailed,
                _heldBack,
            }
        )
        {
            counter.Add(0);
        }

        ShowZeros(_deadLetters, "reason", PermanentFaultReasons.All);
        ShowZeros(_parked, "reason", ParkingReasonNames.All);
        ShowZeros(_redriven, "reason", ParkingReasonNames.All);
        ShowZeros(_claims, "action", [Claimed, Released, TakenOver, Lost]);
        ShowZeros(_verifications, "result", new bool?[] { true, false, null }.Select(VerificationResult));
        ShowZeros(_retries, "category", FailureCodes.OfRequests);
        ShowZeros(
            _errors,
            "category",
            [.. FailureCodes.OfRequests, FailureCodes.ContactNotFound, .. PermanentFaultReasons.All]
        );
        ShowZeros(ContactStatus.Sent, [null]);
        ShowZeros(ContactStatus.Failed, FailureCodes.OfFailed);
        ShowZeros(ContactStatus.Skipped, FailureCodes.OfSkipped);
    }

    private static string VerificationResult(bool? wasFound) =>
        wasFound switch
        {
            true => "found",
            false => "absent",
            null => "unknown",
        };

    private static void ShowZeros(Counter<long> counter, string key, IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            counter.Add(0, Tag(key, value));
        }
    }

    private void ShowZeros(ContactStatus status, IEnumerable<string?> codes)
    {
        foreach (var code in codes)
        {
            _contacts.Add(0, ContactTags(status, code));
        }
    }

    private void CountClaims(string action, int count)
    {
        if (count > 0)
        {
            _claims.Add(count, Tag("action", action));
        }
    }

    private static TagList ContactTags(ContactStatus status, string? code) =>
        new() { { "outcome", Outcome(status) }, { "code", code ?? "none" } };

    private static string Outcome(ContactStatus status) =>
        status switch
        {
            ContactStatus.Sent => "sent",
            ContactStatus.Failed => "failed",
            _ => "skipped",
        };

    private IEnumerable<Measurement<long>> ObserveParked() =>
        _parkedNow.Values.Select(count => new Measurement<long>(count.Pages, Tag("reason", count.Reason)));

    private IEnumerable<Measurement<double>> ObserveOldest() =>
        _parkedNow.Values.Select(count => new Measurement<double>(count.OldestSeconds, Tag("reason", count.Reason)));

    private IEnumerable<Measurement<double>> ObserveCrmPace() =>
        double.IsNaN(_crmPace) ? [] : [new Measurement<double>(_crmPace)];

    private IEnumerable<Measurement<int>> ObserveSafetyStops() =>
        _recentSafetyStops is { } count ? [new Measurement<int>(count)] : [];

    private IEnumerable<Measurement<int>> ObserveStandingCampaigns() =>
        _standingCampaigns is { } count ? [new Measurement<int>(count)] : [];

    private IEnumerable<Measurement<int>> ObservePartitions() =>
        _partitions is { } partitions ? [new Measurement<int>(partitions)] : [];

    private IEnumerable<Measurement<long>> ObserveLag() =>
        Volatile
            .Read(ref _lag)
            .Select(lag =>
                lag.Partition is { } partition
                    ? new Measurement<long>(lag.Messages, Tag("topic", lag.Topic), Tag("partition", $"{partition}"))
                    : new Measurement<long>(lag.Messages, Tag("topic", lag.Topic))
            );

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
