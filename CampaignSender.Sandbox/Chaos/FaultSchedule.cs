using CampaignSender.Sandbox.Servers;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>Carries out the plan by the clock. One that cannot be carried out does not keep the others from it.</summary>
internal sealed class FaultSchedule(FaultCarrier carrier, ChaosLog log, TimeProvider time)
{
    private readonly List<CarriedFault> _carried = [];
    private readonly Lock _lock = new();

    /// <summary>The latest fault of each lane. A server may take longer to come back than was planned.</summary>
    private readonly Dictionary<(FaultLane Lane, int Target), Task> _lanes = [];

    public IReadOnlyList<CarriedFault> Carried
    {
        get
        {
            lock (_lock)
            {
                return [.. _carried.OrderBy(fault => fault.From)];
            }
        }
    }

    /// <summary>Ends when all is whole again.</summary>
    public Task Run(IEnumerable<PlannedFault> plan, CancellationToken cancellationToken) =>
        Task.WhenAll(plan.OrderBy(fault => fault.At).Select(fault => Enqueue(fault, cancellationToken)).ToArray());

    private Task Enqueue(PlannedFault fault, CancellationToken cancellationToken)
    {
        // The CRM is away as long as the longest of its absences.
        var lane = fault.Kind is FaultKind.CrmOutage ? -1 : fault.Target;
        var before = _lanes.GetValueOrDefault((fault.Lane, lane), Task.CompletedTask);
        return _lanes[(fault.Lane, lane)] = Run(fault, before, cancellationToken);
    }

    private async Task Run(PlannedFault fault, Task before, CancellationToken cancellationToken)
    {
        await before;
        if (fault.At - log.Elapsed is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        log.Tell($"* {fault.Describe()}");
        var from = log.Elapsed;
        var failure = await TryCarryOut(fault, cancellationToken);
        if (fault.Duration > TimeSpan.Zero && failure is null)
        {
            log.Tell($"  over: {fault.Describe()}");
        }

        lock (_lock)
        {
            _carried.Add(new CarriedFault(fault, from, log.Elapsed, failure));
        }
    }

    private async Task<string?> TryCarryOut(PlannedFault fault, CancellationToken cancellationToken)
    {
        try
        {
            await carrier.CarryOut(fault, cancellationToken);
            return null;
        }
        catch (Exception exception)
            when (exception is NotSupportedException or ServerUnavailableException or InvalidOperationException
                || (Patience.IsPassing(exception) && !cancellationToken.IsCancellationRequested)
            )
        {
            log.Tell($"! not carried out: {fault.Describe()}: {exception.Message}");
            return exception.Message;
        }
    }
}
