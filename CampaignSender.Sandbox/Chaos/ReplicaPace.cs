using System.Globalization;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>Replicas with waits so short that a run is short, and so slow that they still send when the last fault comes.</summary>
internal static class ReplicaPace
{
    /// <summary>A frozen replica must sleep longer than that.</summary>
    public static readonly TimeSpan ClaimTime = TimeSpan.FromSeconds(6);

    /// <summary>The time that the CRM takes for an answer.</summary>
    public static readonly TimeSpan CrmLatency = TimeSpan.FromMilliseconds(40);

    /// <summary>How old a replica's knowledge of a campaign's status may be.</summary>
    private static readonly TimeSpan _statusCacheTime = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After which no post of a campaign that was paused may begin. The second beside the replica's own is for a post to
    /// get to a CRM on a busy machine.
    /// </summary>
    public static TimeSpan HearingTime => _statusCacheTime + TimeSpan.FromSeconds(1);

    /// <summary>A contact is looked up, and then posted.</summary>
    private const int RequestsPerContact = 2;

    /// <summary>The part of the time for which a replica is fit to work, roughly.</summary>
    private const double Fitness = 0.25;

    private const int LeastConcurrency = 2;

    public static IReadOnlyDictionary<string, string> Variables(ChaosOptions options)
    {
        var variables = new Dictionary<string, string>
        {
            ["DISPATCH_TIMEOUT_MS"] = "2000",
            // Longer than a slow CRM may still be at work on a request that nobody waits for any more.
            ["DISPATCH_SETTLE_MS"] = "1500",
            ["CLAIM_TTL_MS"] = ClaimTime.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
            ["DISPATCH_BACKOFF_BASE_MS"] = "100",
            ["DISPATCH_BACKOFF_CAP_MS"] = "1000",
            ["PARKED_RETRY_MS"] = "1000",
            ["PARKED_POLL_MS"] = "500",
            ["SHUTDOWN_DRAIN_MS"] = "4000",
            ["CAMPAIGN_STATUS_CACHE_TTL_MS"] = _statusCacheTime.TotalMilliseconds.ToString(
                CultureInfo.InvariantCulture
            ),
            ["CAMPAIGN_SENDER_LAG_POLL_MS"] = "2000",
            ["RATE_LIMITER_CAPACITY"] = "1000",
            ["RATE_LIMITER_REFILL_RATE"] = "1000",
            ["DISPATCH_CONCURRENCY"] = Concurrency(options).ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in options.Variables)
        {
            variables[name] = value;
        }

        return variables;
    }

    private static int Concurrency(ChaosOptions options)
    {
        var working = Math.Max(1, (options.Duration - options.CrmOutage).TotalSeconds);
        var contactsPerSecond = options.Contacts / (working * Fitness) / options.Replicas;
        var needed = contactsPerSecond * RequestsPerContact * CrmLatency.TotalSeconds;
        return Math.Max(LeastConcurrency, (int)Math.Ceiling(needed));
    }
}
