using System.Diagnostics.Metrics;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Pacing;
using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

/// <summary>What waits for it and what is turned away. How its pace is found is told by the limits of its requests.</summary>
internal sealed class When_the_CRM_wants_no_requests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private FakeTimeProvider _time = null!;
    private ServiceProvider _services = null!;
    private SenderMetrics _metrics = null!;
    private CrmThrottle _throttle = null!;

    [SetUp]
    public void Start()
    {
        _time = new FakeTimeProvider();
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        _metrics = new SenderMetrics(_services.GetRequiredService<IMeterFactory>());
        _throttle = new CrmThrottle(
            Options.Create(new DispatchOptions { BackoffCap = Patience / 2 }),
            _time,
            _metrics,
            NullLogger<CrmThrottle>.Instance
        );
    }

    [TearDown]
    public void End()
    {
        _throttle.Dispose();
        _metrics.Dispose();
        _services.Dispose();
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_asks_for_an_hour_gets_a_minute(CancellationToken cancellationToken)
    {
        await Refuse(TimeSpan.FromHours(1), cancellationToken);

        var next = _throttle.Enter(cancellationToken);
        Assert.That(next.IsCompleted, Is.False);
        _time.Advance(Patience);

        Assert.That(await next);
    }

    [Test, CancelAfter(10_000)]
    public async Task After_a_minute_of_nothing_whoever_comes_is_turned_away(CancellationToken cancellationToken)
    {
        await RefuseForLong(cancellationToken);

        Assert.That(await _throttle.Enter(cancellationToken), Is.False);
    }

    /// <summary>Its page would leave, and take the question along.</summary>
    [Test, CancelAfter(10_000)]
    public async Task But_not_while_one_asks_whether_it_is_over(CancellationToken cancellationToken)
    {
        await RefuseForLong(cancellationToken);
        _time.Advance(Patience);
        Assert.That(await _throttle.Enter(cancellationToken));

        var next = _throttle.Enter(cancellationToken);
        Assert.That(next.IsCompleted, Is.False);
        _throttle.Answered(new CrmAnswer { Kind = CrmAnswerKind.Ok }, _time.GetTimestamp());

        Assert.That(await next);
    }

    /// <summary>Behind a thousand look-ups it would lose the turn that it has of its inbox.</summary>
    [Test, CancelAfter(10_000)]
    public async Task A_message_goes_ahead_of_look_ups(CancellationToken cancellationToken)
    {
        await Refuse(retryAfter: null, cancellationToken);
        var lookUps = Enumerable.Range(0, 10).Select(_ => _throttle.Enter(cancellationToken).AsTask()).ToList();
        var messages = Enumerable
            .Range(0, 3)
            .Select(_ => _throttle.EnterAhead(Turn.Unlimited, cancellationToken).AsTask())
            .ToList();

        while (!Task.WhenAll(messages).IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);
            _throttle.Answered(new CrmAnswer { Kind = CrmAnswerKind.Throttled }, _time.GetTimestamp());
        }

        Assert.That(
            lookUps.Count(each => each.IsCompleted),
            Is.LessThanOrEqualTo(2),
            "all but those that were before it"
        );
    }

    /// <summary>While the CRM refuses, one request at a time finds out whether it still does: none must be missed.</summary>
    [Test, CancelAfter(10_000)]
    public async Task A_message_whose_turn_has_run_out_keeps_nobody_waiting(CancellationToken cancellationToken)
    {
        await Refuse(TimeSpan.FromSeconds(20), cancellationToken);
        var turn = new Turn(_time, _time.GetTimestamp());
        var messages = Enumerable
            .Range(0, 3)
            .Select(_ => _throttle.EnterAhead(turn, cancellationToken).AsTask())
            .ToList();
        var lookUp = _throttle.Enter(cancellationToken);

        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.That(await Task.WhenAll(messages), Is.All.EqualTo(ThrottleVerdict.TooLate));
        Assert.That(await lookUp);
    }

    private async Task RefuseForLong(CancellationToken cancellationToken)
    {
        await Refuse(retryAfter: null, cancellationToken);
        _time.Advance(Patience + TimeSpan.FromSeconds(1));
        await Refuse(retryAfter: null, cancellationToken);
    }

    private async Task Refuse(TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        Assert.That(await _throttle.Enter(cancellationToken));
        _throttle.Answered(
            new CrmAnswer { Kind = CrmAnswerKind.Throttled, RetryAfter = retryAfter },
            _time.GetTimestamp()
        );
    }
}
