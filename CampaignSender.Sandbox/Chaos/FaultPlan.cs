namespace CampaignSender.Sandbox.Chaos;

/// <summary>Draws the faults of a run: the same options and the same seed give the same plan.</summary>
internal sealed class FaultPlan
{
    /// <summary>When the one campaign is stopped, as a part of the whole time.</summary>
    private const double StopAt = 0.45;

    /// <summary>When the CRM's outage begins, as a part of the time without it.</summary>
    private const double OutageAt = 0.35;

    private const double LeastShare = 0.15;

    private readonly ChaosOptions _options;
    private readonly Random _random;
    private readonly Dictionary<(FaultLane Lane, int Target), TimeSpan> _freeAt = [];
    private readonly List<PlannedFault> _faults = [];

    private FaultPlan(ChaosOptions options)
    {
        _options = options;
        _random = new Random(options.Seed);
    }

    public static IReadOnlyList<PlannedFault> Draw(ChaosOptions options) => new FaultPlan(options).Draw();

    private List<PlannedFault> Draw()
    {
        if (_options.CrmOutage > TimeSpan.Zero)
        {
            var rest = _options.Duration - _options.CrmOutage;
            Add(FaultKind.CrmOutage, 0, OutageAt * (rest > TimeSpan.Zero ? rest : TimeSpan.Zero), _options.CrmOutage);
        }

        if (_options.StopsCampaign)
        {
            Add(FaultKind.CampaignStop, ChaosCampaigns.Stopped, StopAt * _options.Duration, TimeSpan.Zero);
        }

        var left = Kinds(_options.Faults - (_options.StopsCampaign ? 1 : 0));
        var step = _options.Duration / Math.Max(1, left.Count);
        for (var number = 0; left.Count > 0; number++)
        {
            var at = step * (number + _random.NextDouble());
            var kind = TakeKind(left, at);
            var (target, start) = Place(kind, at);
            Add(kind, target, start, Duration(kind));
        }

        return [.. _faults.OrderBy(fault => fault.At)];
    }

    /// <summary>Every kind once if there is room, the rest by weight.</summary>
    private List<FaultKind> Kinds(int count)
    {
        var allowed = FaultTraits.Drawn.Where(_options.Kinds.Contains).ToArray();
        if (allowed.Length == 0)
        {
            return [];
        }

        FaultKind[] kinds = [.. allowed];
        _random.Shuffle(kinds);
        var drawn = kinds.Take(Math.Max(0, count)).ToList();
        var weighted = allowed.SelectMany(kind => Enumerable.Repeat(kind, FaultTraits.Of(kind).Weight)).ToArray();
        while (drawn.Count < count)
        {
            drawn.Add(weighted[_random.Next(weighted.Length)]);
        }

        var order = drawn.ToArray();
        _random.Shuffle(order);
        return [.. order];
    }

    /// <summary>The first that meets a free target at that time, else the first.</summary>
    private FaultKind TakeKind(List<FaultKind> left, TimeSpan at)
    {
        var index = Math.Max(0, left.FindIndex(kind => Place(kind, at).Start == at));
        var kind = left[index];
        left.RemoveAt(index);
        return kind;
    }

    /// <summary>A free target, else the one that is free first.</summary>
    private (int Target, TimeSpan Start) Place(FaultKind kind, TimeSpan at)
    {
        var lane = FaultTraits.Of(kind).Lane;
        var first = Targets(kind)
            .Select(target => (Target: target, Start: FreeAt(lane, target, at)))
            .GroupBy(place => place.Start)
            .MinBy(places => places.Key)!
            .ToArray();
        // Not drawn: looking for a place must not change the draws that follow.
        return first[(int)(at.Ticks % first.Length)];
    }

    private IEnumerable<int> Targets(FaultKind kind) =>
        FaultTraits.Of(kind).Lane switch
        {
            FaultLane.Replica => Enumerable.Range(0, _options.Replicas),
            FaultLane.Campaign => ChaosCampaigns.Pausable,
            _ => [0],
        };

    private TimeSpan FreeAt(FaultLane lane, int target, TimeSpan at) =>
        _freeAt.TryGetValue((lane, target), out var free) && free > at ? free : at;

    private TimeSpan Duration(FaultKind kind)
    {
        var (_, _, shortest, longest, _) = FaultTraits.Of(kind);
        return Round(TimeSpan.FromSeconds(shortest + (longest - shortest) * _random.NextDouble()));
    }

    private void Add(FaultKind kind, int target, TimeSpan start, TimeSpan duration)
    {
        var traits = FaultTraits.Of(kind);
        var fault = new PlannedFault
        {
            At = Round(start),
            Kind = kind,
            Target = target,
            Duration = duration,
            Share = Math.Round(LeastShare + (1 - LeastShare) * Math.Pow(_random.NextDouble(), 2), 2),
            RetryAfter = kind is FaultKind.CrmThrottling && _random.Next(2) == 0 ? _random.Next(1, 4) : null,
            Latency =
                kind is FaultKind.CrmSlow ? Round(TimeSpan.FromSeconds(0.2 + 2.5 * _random.NextDouble())) : default,
        };
        _faults.Add(fault);
        // A restart in the midst of the outage is none: the CRM is away until both are over.
        if (kind is not FaultKind.CrmOutage)
        {
            _freeAt[(traits.Lane, target)] = fault.At + duration + TimeSpan.FromSeconds(traits.Recovery);
        }
    }

    private static TimeSpan Round(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Round(time.TotalMilliseconds));
}
