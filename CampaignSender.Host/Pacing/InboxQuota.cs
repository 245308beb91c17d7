using CampaignSender.Host.Configuration;
using CampaignSender.Host.Database;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;

namespace CampaignSender.Host.Pacing;

/// <summary>The quota of one inbox in this replica, which reserves some messages at a time and gives back what it does not use.</summary>
internal sealed partial class InboxQuota : IAsyncDisposable
{
    /// <summary>What is not used by then is given back: a message counts at the time at which it was reserved.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3);

    /// <summary>The slot of a reservation ends 5 s after it at the earliest; the rest of them is for the request.</summary>
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(4);

    private readonly Guid _inboxId;
    private readonly IInboxQuotas _quotas;
    private readonly SenderMetrics _metrics;

    /// <summary>A machine that was suspended does not wake with reservations of before.</summary>
    private readonly SteadyTime _time;

    private readonly ILogger _logger;
    private readonly Recent<QuotaUse?> _use;
    private readonly SemaphoreSlim _reserving = new(1);
    private readonly Lock _lock = new();
    private readonly ITimer _tidying;
    private QuotaReservation? _reserved;
    private DateTimeOffset _reservedAt;
    private bool _isNearlyUsedUp;

    public InboxQuota(Guid inboxId, IInboxQuotas quotas, SenderMetrics metrics, TimeProvider time, ILogger logger)
    {
        _inboxId = inboxId;
        _quotas = quotas;
        _metrics = metrics;
        _time = new SteadyTime(time);
        _logger = logger;
        _use = new Recent<QuotaUse?>(time, Read);
        _tidying = time.CreateTimer(_ => _ = GiveBackOld(), null, Lifetime, Lifetime);
    }

    public async ValueTask<QuotaTicket> Take(CancellationToken cancellationToken)
    {
        if (await _use.Get(cancellationToken) is null)
        {
            return QuotaTicket.Unlimited;
        }

        return TryTake() ?? await TakeReserved(cancellationToken);
    }

    public bool HasLapsed(DateTimeOffset reservedAt) => _time.GetUtcNow() - reservedAt >= Validity;

    public void GiveBack(DateTime slotEndsAt)
    {
        lock (_lock)
        {
            if (_reserved?.SlotEndsAt == slotEndsAt)
            {
                _reserved = _reserved with { Count = _reserved.Count + 1 };
                return;
            }
        }

        // In another slot it would be one message too many when this one has passed.
        _ = GiveBack(new QuotaReservation(1, slotEndsAt));
    }

    /// <summary>
    /// How long it is until messages may go out again; null: some may now. Read anew where the quota seems to be used up, for a
    /// page waits that long.
    /// </summary>
    public async ValueTask<TimeSpan?> ClosedFor(CancellationToken cancellationToken)
    {
        if (!IsClosed(await _use.Get(cancellationToken)))
        {
            return null;
        }

        var use = await _use.GetAnew(cancellationToken);
        return IsClosed(use) ? use!.FreesIn ?? TimeSpan.Zero : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _tidying.DisposeAsync();
        await GiveBackUnused();
        _reserving.Dispose();
    }

    private bool IsClosed(QuotaUse? use) => use is { IsUsedUp: true } && _reserved is null or { Count: 0 };

    private bool IsOld => _time.GetUtcNow() - _reservedAt >= Lifetime;

    private QuotaTicket? TryTake()
    {
        lock (_lock)
        {
            if (_reserved is not { Count: > 0 } || IsOld)
            {
                return null;
            }

            _reserved = _reserved with { Count = _reserved.Count - 1 };
            return new QuotaTicket(IsGranted: true, this, _reserved.SlotEndsAt, _reservedAt);
        }
    }

    private async Task<QuotaTicket> TakeReserved(CancellationToken cancellationToken)
    {
        await _reserving.WaitAsync(cancellationToken);
        try
        {
            if (TryTake() is { } taken)
            {
                return taken;
            }

            if (await _use.Get(cancellationToken) is { IsUsedUp: true })
            {
                return QuotaTicket.Refused;
            }

            await GiveBackOld();
            var asked = _time.GetUtcNow();
            // Not cancelled half-way: what is reserved and not known here would be lost until the window has passed.
            var reservation = await _quotas.Reserve(_inboxId, CancellationToken.None);
            if (reservation is null)
            {
                _use.Forget();
                return QuotaTicket.Refused;
            }

            // What others have given back meanwhile comes along where it is counted in the same slot.
            QuotaReservation? left;
            lock (_lock)
            {
                left = _reserved;
                if (left is not null && left.SlotEndsAt == reservation.SlotEndsAt)
                {
                    reservation = reservation with { Count = reservation.Count + left.Count };
                    left = null;
                }

                // Whoever reserved has the first of them, before others can take them all.
                (_reserved, _reservedAt) = (reservation with { Count = reservation.Count - 1 }, asked);
            }

            if (left is { Count: > 0 })
            {
                await GiveBack(left);
            }

            return new QuotaTicket(IsGranted: true, this, reservation.SlotEndsAt, asked);
        }
        finally
        {
            _reserving.Release();
        }
    }

    private async Task<QuotaUse?> Read()
    {
        var use = await _quotas.Read(_inboxId, CancellationToken.None);
        var isNearlyUsedUp = use is { IsNearlyUsedUp: true };
        if (isNearlyUsedUp && !_isNearlyUsedUp)
        {
            _metrics.QuotaNearlyUsedUp();
            LogNearlyUsedUp(_logger, _inboxId, use!.Used, use.Messages, use.Window.TotalHours);
        }

        _isNearlyUsedUp = isNearlyUsedUp;
        return use;
    }

    private Task GiveBackOld() => IsOld ? GiveBackUnused() : Task.CompletedTask;

    private async Task GiveBackUnused()
    {
        QuotaReservation? unused;
        lock (_lock)
        {
            if (_reserved is not { Count: > 0 })
            {
                return;
            }

            (unused, _reserved) = (_reserved, _reserved with { Count = 0 });
        }

        await GiveBack(unused);
    }

    private async Task GiveBack(QuotaReservation unused)
    {
        try
        {
            await _quotas.GiveBack(_inboxId, unused, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotGivenBack(_logger, FaultLog.StackOf(exception), unused.Count, _inboxId, FaultLog.CauseOf(exception));
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Inbox {InboxId} has used {Used} of the {Messages} messages that it may send in {Hours:0.##} h"
    )]
    private static partial void LogNearlyUsedUp(ILogger logger, Guid inboxId, int used, int messages, double hours);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} messages that were not sent stay counted in the quota of inbox {InboxId}: {Reason}"
    )]
    private static partial void LogNotGivenBack(
        ILogger logger,
        Exception? exception,
        int count,
        Guid inboxId,
        string reason
    );
}
