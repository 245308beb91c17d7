using System.Diagnostics.Metrics;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_slots_are_few
{
    private readonly List<string> _order = [];
    private ServiceProvider _services = null!;
    private SenderMetrics _metrics = null!;
    private DispatchSlots _slots = null!;

    [SetUp]
    public void Open()
    {
        _order.Clear();
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        _metrics = new SenderMetrics(_services.GetRequiredService<IMeterFactory>());
        _slots = new DispatchSlots(Options.Create(new DispatchOptions { Concurrency = 1 }), _metrics);
    }

    [TearDown]
    public void End()
    {
        _metrics.Dispose();
        _services.Dispose();
    }

    [Test, CancelAfter(10_000)]
    public async Task The_page_that_came_first_goes_first(CancellationToken cancellationToken)
    {
        var campaign = Guid.NewGuid();
        var (first, second) = (_slots.Open(campaign), _slots.Open(campaign));
        using var taken = await Take(first, cancellationToken);

        await Release(
            taken,
            Use(second, "second", cancellationToken),
            Use(second, "second", cancellationToken),
            Use(first, "first", cancellationToken),
            Use(first, "first", cancellationToken)
        );

        Assert.That(_order, Is.EqualTo(["first", "first", "second", "second"]));
    }

    [Test, CancelAfter(10_000)]
    public async Task Campaigns_get_them_in_turn(CancellationToken cancellationToken)
    {
        var (large, small) = (_slots.Open(Guid.NewGuid()), _slots.Open(Guid.NewGuid()));
        using var taken = await Take(large, cancellationToken);

        await Release(
            taken,
            Use(large, "large", cancellationToken),
            Use(large, "large", cancellationToken),
            Use(large, "large", cancellationToken),
            Use(small, "small", cancellationToken)
        );

        Assert.That(_order, Is.EqualTo(["large", "small", "large", "large"]));
    }

    [Test, CancelAfter(10_000)]
    public async Task One_whose_requests_take_long_does_not_end_with_all(CancellationToken cancellationToken)
    {
        _slots = new DispatchSlots(Options.Create(new DispatchOptions { Concurrency = 3 }), _metrics);
        var (slow, fast) = (_slots.Open(Guid.NewGuid()), _slots.Open(Guid.NewGuid()));
        using var kept = await Take(slow, cancellationToken);
        using var keptToo = await Take(slow, cancellationToken);
        using var returned = await Take(slow, cancellationToken);
        var slowAgain = Take(slow, cancellationToken);
        var (fastOne, fastAgain) = (Take(fast, cancellationToken), Take(fast, cancellationToken));

        returned.Return();
        using (await fastOne) { }
        using (await fastAgain)
        {
            Assert.That(slowAgain.IsCompleted, Is.False);
        }

        using var last = await slowAgain;
    }

    [Test, CancelAfter(10_000)]
    public async Task Whoever_gives_up_takes_none(CancellationToken cancellationToken)
    {
        var page = _slots.Open(Guid.NewGuid());
        using var taken = await Take(page, cancellationToken);
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = Take(page, impatience.Token);

        await impatience.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        taken.Return();

        using var next = await Take(page, cancellationToken);
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_is_kept_is_not_taken_twice(CancellationToken cancellationToken)
    {
        var page = _slots.Open(Guid.NewGuid());
        using var slot = await Take(page, cancellationToken);

        await slot.Take(cancellationToken);
        slot.Return();
        slot.Return();

        using var next = await Take(page, cancellationToken);
        Assert.That(Take(page, cancellationToken).IsCompleted, Is.False);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_page_tells_when_nobody_is_left_but_those_who_rest(CancellationToken cancellationToken)
    {
        var (time, told) = (new FakeTimeProvider(), 0);
        var page = _slots.Open(Guid.NewGuid(), () => told++);
        var first = await Take(page, cancellationToken);
        var resting = first.Rest(TimeSpan.FromSeconds(1), mayLeave: true, time, cancellationToken);
        var second = await Take(page, cancellationToken);
        page.AllAreBegun();
        Assert.That(told, Is.Zero);

        page.TellOfRest();
        Assert.That(told, Is.Zero, "somebody is at work");
        second.Dispose();
        Assert.That(told, Is.EqualTo(1));
        page.TellOfRest();
        Assert.That(told, Is.EqualTo(2), "somebody else has taken the last place");

        time.Advance(TimeSpan.FromSeconds(1));
        await resting;
        first.Dispose();
        page.TellOfRest();
        Assert.That(told, Is.EqualTo(2), "nobody is left at all");
    }

    private static async Task<DispatchSlot> Take(PageSlots page, CancellationToken cancellationToken)
    {
        var slot = page.Open();
        await slot.Take(cancellationToken);
        return slot;
    }

    private static Task Release(DispatchSlot taken, params Task[] waiting)
    {
        taken.Return();
        return Task.WhenAll(waiting);
    }

    private async Task Use(PageSlots page, string name, CancellationToken cancellationToken)
    {
        using var slot = await Take(page, cancellationToken);
        _order.Add(name);
    }
}
