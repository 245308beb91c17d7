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

    [Test, CancelAfter(10_000)]
    public async Task What_was_reserved_before_a_machine_was_suspended_is_given_back(
        CancellationToken cancellationToken
    )
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new SenderMetrics(services.GetRequiredService<IMeterFactory>());
        var (time, slots) = (new FakeTimeProvider(), new Slots());
        await using var quota = new InboxQuota(Guid.NewGuid(), slots, metrics, time, NullLogger.Instance);
        var ticket = await quota.Take(cancellationToken);
        Assert.That(ticket.IsValid);

        // The wall clock alone: the other one stands still meanwhile.
        time.AdjustTime(time.GetUtcNow().AddHours(1));

        Assert.That(ticket.IsValid, Is.False);
        await quota.Take(cancellationToken);
        Assert.That(slots.GivenBack, Is.EqualTo([(1, FirstSlot)]));
        Assert.That(slots.Reserved, Is.EqualTo(2));
    }

    [Test, CancelAfter(10_000)]
    public async Task Whoever_reserves_is_not_left_without_one(CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new SenderMetrics(services.GetRequiredService<IMeterFactory>());
        var slots = new Slots();
        await using var quota = new InboxQuota(
            Guid.NewGuid(),
            slots,
            metrics,
            new FakeTimeProvider(),
            NullLogger.Instance
        );
        await quota.Take(cancellationToken);
        await quota.Take(cancellationToken);
        // Of the first slot, while the second is reserved; then others take what is there before it is given back.
        slots.WhenReserved = () => quota.GiveBack(FirstSlot);
        slots.WhenGivenBack = async () =>
        {
            // The reservation holds two; who finds none waits for the next one.
            for (var other = 0; other < 2; other++)
            {
                await Task.WhenAny(
                    quota.Take(cancellationToken).AsTask(),
                    Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken)
                );
            }
        };

        var ticket = await quota.Take(cancellationToken);

        Assert.That(ticket.IsGranted);
    }

    /// <summary>Two messages for each reservation, each in a slot of its own.</summary>
    private sealed class Slots : IInboxQuotas
    {
        public List<(int Count, DateTime Slot)> GivenBack { get; } = [];

        public int Reserved { get; private set; }

        public Action WhenReserved { get; set; } = static () => { };

        public Func<Task> WhenGivenBack { get; set; } = static () => Task.CompletedTask;

        public Task<QuotaUse?> Read(Guid inboxId, CancellationToken cancellationToken) =>
            Task.FromResult<QuotaUse?>(new QuotaUse(Messages: 100, TimeSpan.FromDays(1), Used: 0, FreesIn: null));

        public Task<QuotaReservation?> Reserve(Guid inboxId, CancellationToken cancellationToken)
        {
            WhenReserved();
            return Task.FromResult<QuotaReservation?>(new QuotaReservation(2, FirstSlot.AddMinutes(30 * Reserved++)));
        }

        public Task GiveBack(Guid inboxId, QuotaReservation unused, CancellationToken cancellationToken)
        {
            GivenBack.Add((unused.Count, unused.SlotEndsAt));
            return WhenGivenBack();
        }

        public Task Set(Guid inboxId, int messages, TimeSpan window, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task Clear(Guid inboxId, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
