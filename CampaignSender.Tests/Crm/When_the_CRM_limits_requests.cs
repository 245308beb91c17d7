using CampaignSender.Host.Crm;
using CampaignSender.Sandbox.Crm;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

/// <summary>Minutes of requests to a CRM that takes only so many, in simulated time.</summary>
internal sealed class When_the_CRM_limits_requests
{
    private const double Latency = 0.02;

    [Test]
    public void What_it_takes_is_used_and_little_is_refused(
        [Values(50, 500)] int perSecond,
        [Values(1, 60)] int window,
        [Values] bool tellsWhen,
        [Values(1, 3)] int replicas
    )
    {
        var crm = new LimitedCrm(new RequestLimit(perSecond * window, TimeSpan.FromSeconds(window), tellsWhen));

        crm.Run(seconds: 300, replicas);

        Assert.That(crm.Taken / (300.0 * perSecond), Is.GreaterThan(0.9), "used");
        Assert.That((double)crm.Refused / (crm.Taken + crm.Refused), Is.LessThan(0.02), "refused");
    }

    [Test]
    public void A_limit_that_is_lowered_is_found()
    {
        var crm = new LimitedCrm(new RequestLimit(200, TimeSpan.FromSeconds(1), TellsWhen: false));
        crm.Run(seconds: 60, replicas: 1);
        crm.Lower(new RequestLimit(20, TimeSpan.FromSeconds(1), TellsWhen: false));

        crm.Run(seconds: 300, replicas: 1);

        Assert.That(crm.Taken / (300.0 * 20), Is.GreaterThan(0.9), "used");
        Assert.That((double)crm.Refused / (crm.Taken + crm.Refused), Is.LessThan(0.05), "refused");
    }

    [Test]
    public void A_limit_that_is_gone_is_found()
    {
        var pace = new RequestPace();
        var now = 0.0;
        pace.Enter(now);
        pace.Refused(now + 0.01, now, wanted: 0);
        now += 1;
        pace.Enter(now);
        pace.Taken(now + 0.01, now);

        for (; now < 600 && pace.IsLimited; now += Math.Max(0.001, pace.WaitAt(now)))
        {
            pace.Enter(now);
            pace.Taken(now, now);
        }

        Assert.That(pace.IsLimited, Is.False);
    }

    [Test]
    public void One_that_refused_everything_for_a_while_is_not_slow()
    {
        var pace = new RequestPace();

        TakeOneAfter(14, pace, now: 0);

        Assert.That(pace.IsLimited, Is.False);
    }

    [Test]
    public void A_pace_that_was_found_outlives_a_while_in_which_everything_is_refused()
    {
        var pace = new RequestPace();
        var now = 0.0;
        for (var request = 0; request < 200; request++, now += 0.05)
        {
            pace.Enter(now);
            pace.Taken(now, now);
        }

        TakeOneAfter(1, pace, now);
        var found = pace.Rate;
        TakeOneAfter(14, pace, now + 60);

        Assert.That(found, Is.EqualTo(20).Within(3));
        Assert.That(pace.Rate, Is.EqualTo(found).Within(0.5));
    }

    /// <summary>Its campaign was paused just then, or its window closed.</summary>
    [Test]
    public void One_that_nobody_asked_for_an_hour_after_it_refused_is_not_slow()
    {
        var pace = new RequestPace();
        var now = 0.0;
        for (var request = 0; request < 3_000; request++, now += 10.0 / 3_000)
        {
            pace.Enter(now);
            pace.Taken(now, now);
        }

        for (; now < 30; now += pace.WaitAt(now))
        {
            pace.Enter(now);
            pace.Refused(now, now, wanted: 0);
        }

        now += 3_600;
        pace.Enter(now);
        pace.Taken(now, now);

        Assert.That(pace.Rate, Is.EqualTo(50).Within(25), "3,000 a minute");
    }

    [Test]
    public void One_that_takes_single_requests_is_not_run_into_again_and_again()
    {
        var pace = new RequestPace();

        TakeOneAfter(14, pace, now: 0);
        TakeOneAfter(14, pace, now: 15);

        Assert.That(pace.Rate, Is.LessThan(1));
    }

    [Test]
    public void The_time_that_it_asks_for_is_waited()
    {
        var pace = new RequestPace();
        pace.Enter(0);
        pace.Refused(0.1, 0, wanted: 30);

        Assert.That(pace.WaitAt(0.1), Is.EqualTo(30).Within(0.001));
    }

    [Test]
    public void One_request_at_a_time_finds_out_whether_it_takes_them_again()
    {
        var pace = new RequestPace();
        pace.Enter(0);
        pace.Refused(0.01, 0, wanted: 0);
        pace.Enter(1);

        Assert.That(pace.WaitAt(1), Is.GreaterThan(0), "nobody else before its answer");
        pace.Taken(1.02, 1);
        Assert.That(pace.WaitAt(1.02), Is.LessThanOrEqualTo(0));
    }

    [Test]
    public void One_that_gets_no_answer_is_waited_for_no_longer()
    {
        var pace = new RequestPace();
        pace.Enter(0);
        pace.Refused(0.01, 0, wanted: 0);
        pace.Enter(1);

        pace.Unanswered(sent: 0);
        Assert.That(pace.IsProbing, "it was on its way before");
        pace.Unanswered(sent: 1);
        Assert.That(pace.IsProbing, Is.False);
        Assert.That(pace.PausedFor(31), Is.GreaterThan(30), "and the CRM takes nothing all the same");
    }

    [Test]
    public void Refusals_of_what_was_on_its_way_count_once()
    {
        var pace = new RequestPace();
        for (var request = 0; request < 64; request++)
        {
            pace.Enter(0);
        }

        for (var request = 0; request < 64; request++)
        {
            pace.Refused(0.01 + (request * 0.0001), 0, wanted: 0);
        }

        Assert.That(pace.WaitAt(0.0164), Is.LessThan(0.2));
    }

    /// <summary>The CRM refuses everything for so long.</summary>
    private static void TakeOneAfter(double seconds, RequestPace pace, double now)
    {
        var end = now + seconds;
        for (; now < end; now += Math.Max(0.001, pace.WaitAt(now)))
        {
            pace.Enter(now);
            pace.Refused(now, now, wanted: 0);
        }

        pace.Enter(now);
        pace.Taken(now, now);
    }

    /// <summary>Replicas of 64 workers each and a CRM, event by event.</summary>
    private sealed class LimitedCrm(RequestLimit limit)
    {
        private readonly PriorityQueue<Action, double> _events = new();
        private readonly Random _random = new(1);
        private readonly RequestLimiter _limiter = new() { Limit = limit };
        private double _now;

        public int Taken { get; private set; }

        public int Refused { get; private set; }

        public void Lower(RequestLimit lowered)
        {
            (_limiter.Limit, Taken, Refused) = (lowered, 0, 0);
        }

        public void Run(double seconds, int replicas)
        {
            var end = _now + seconds;
            if (_events.Count == 0)
            {
                for (var replica = 0; replica < replicas; replica++)
                {
                    new Replica(this).TryNext();
                }
            }

            while (_events.TryPeek(out _, out var time) && time < end)
            {
                var next = _events.Dequeue();
                _now = time;
                next();
            }

            _now = end;
        }

        private void After(double seconds, Action action) => _events.Enqueue(action, _now + seconds);

        private double HalfLatency() => Latency * (0.3 + (_random.NextDouble() * 0.3));

        private sealed class Replica(LimitedCrm crm)
        {
            private readonly RequestPace _pace = new();
            private int _idle = 64;
            private bool _isWaiting;

            public void TryNext()
            {
                while (_idle > 0 && !_isWaiting)
                {
                    var wait = _pace.WaitAt(crm._now);
                    if (_pace.IsLimited && wait > 0)
                    {
                        _isWaiting = true;
                        crm.After(Math.Max(wait, 0.001), Wake);
                        return;
                    }

                    _pace.Enter(crm._now);
                    _idle--;
                    var sent = crm._now;
                    crm.After(crm.HalfLatency(), () => Arrive(sent));
                }
            }

            private void Wake()
            {
                _isWaiting = false;
                TryNext();
            }

            private void Arrive(double sent)
            {
                var refused = crm._limiter.Refuse(DateTimeOffset.UnixEpoch.AddSeconds(crm._now + 0.37));
                crm.Taken += refused is null ? 1 : 0;
                crm.Refused += refused is null ? 0 : 1;
                crm.After(crm.HalfLatency(), () => Answer(sent, refused));
            }

            private void Answer(double sent, int? refused)
            {
                _idle++;
                if (refused is { } seconds)
                {
                    _pace.Refused(crm._now, sent, crm._limiter.Limit!.TellsWhen ? seconds : 0);
                }
                else
                {
                    _pace.Taken(crm._now, sent);
                }

                TryNext();
            }
        }
    }
}
