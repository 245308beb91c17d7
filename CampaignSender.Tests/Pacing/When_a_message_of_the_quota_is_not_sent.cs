using System.Diagnostics.Metrics;
using CampaignSender.Host.Pacing;
using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Pacing;

internal sealed class When_a_message_of_the_quota_is_not_sent
{
    private static readonly DateTime FirstSlot = new(2026, 3, 1, 10, 30, 0, DateTimeKind.Utc);

    /// <summary>Else more than the quota would go out in the stretch of time that begins with the later one.</summary>
    [Test, CancelAfter(10_000)]
    public async Task It_is_given_back_to_the_slot_that_it_was_counted_in(CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new SenderMetrics(services.GetRequiredService<IMeterFactory>());
        var time = new FakeTimeProvider();
        var slots = new Slots();
        var quota = new InboxQuota(Guid.NewGuid(), slots, metrics, time, NullLogger.Instance);
        var ticket = await quota.Take(cancellationToken);
        time.Advance(TimeSpan.FromSeconds(4));
        await quota.Take(cancellationToken);

        ticket.GiveBack();
        await quota.Take(cancellationToken);

        Assert.That(slots.GivenBack, Is.EquivalentTo([(1, FirstSlot), (1, FirstSlot)]), "unused, and not sent");
        Assert.That(slots.Reserved, Is.EqualTo(2));
        await quota.Take(cancellationToken);
        Assert.That(slots.Reserved, Is.EqualTo(3), "the second slot has got none of the first");
        await quota.DisposeAsync();
    }

    /// <summary>Two messages for each reservation, each in a slot of its own.</summary>
    private sealed class Slots : IInboxQuotas
    {
        public List<(int Count, DateTime Slot)> GivenBack { get; } = [];

        public int Reserved { get; private set; }

        public Task<QuotaUse?> Read(Guid inboxId, CancellationToken cancellationToken) =>
            Task.FromResult<QuotaUse?>(new QuotaUse(Messages: 100, TimeSpan.FromDays(1), Used: 0, FreesIn: null));

        public Task<QuotaReservation?> Reserve(Guid inboxId, CancellationToken cancellationToken) =>
            Task.FromResult<QuotaReservation?>(new QuotaReservation(2, FirstSlot.AddMinutes(30 * Reserved++)));

        public Task GiveBack(Guid inboxId, QuotaReservation unused, CancellationToken cancellationToken)
        {
            GivenBack.Add((unused.Count, unused.SlotEndsAt));
            return Task.CompletedTask;
        }

        public Task Set(Guid inboxId, int messages, TimeSpan window, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task Clear(Guid inboxId, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
