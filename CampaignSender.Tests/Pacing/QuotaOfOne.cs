using CampaignSender.Host.Pacing;

namespace CampaignSender.Tests.Pacing;

/// <summary>Every inbox has one message in all.</summary>
internal sealed class QuotaOfOne : IInboxQuotas
{
    private readonly TaskCompletionSource _asked = new();
    private bool _isReserved;

    /// <summary>Ends when a reservation is asked for.</summary>
    public Task Asked => _asked.Task;

    /// <summary>What the database waits for.</summary>
    public Task Answers { get; init; } = Task.CompletedTask;

    public Task<QuotaUse?> Read(Guid inboxId, CancellationToken cancellationToken) =>
        Task.FromResult<QuotaUse?>(new QuotaUse(Messages: 1, TimeSpan.FromDays(1), Used: 0, FreesIn: null));

    public async Task<QuotaReservation?> Reserve(Guid inboxId, CancellationToken cancellationToken)
    {
        _asked.TrySetResult();
        await Answers;
        var reservation = _isReserved ? null : new QuotaReservation(1, DateTime.MaxValue);
        _isReserved = true;
        return reservation;
    }

    public Task GiveBack(Guid inboxId, QuotaReservation unused, CancellationToken cancellationToken)
    {
        _isReserved = false;
        return Task.CompletedTask;
    }

    public Task Set(Guid inboxId, int messages, TimeSpan window, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task Clear(Guid inboxId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
