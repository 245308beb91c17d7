using CampaignSender.Host.Pacing;

namespace CampaignSender.Tests.Pacing;

/// <summary>No inbox has one: for what is tested without a database.</summary>
internal sealed class NoQuotas : IInboxQuotas
{
    public Task<QuotaUse?> Read(Guid inboxId, CancellationToken cancellationToken) => Task.FromResult<QuotaUse?>(null);

    public Task<QuotaReservation?> Reserve(Guid inboxId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task GiveBack(Guid inboxId, QuotaReservation unused, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task Set(Guid inboxId, int messages, TimeSpan window, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task Clear(Guid inboxId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
