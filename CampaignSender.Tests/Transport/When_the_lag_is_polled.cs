using System.Diagnostics.Metrics;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Transport;
using CampaignSender.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Transport;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class When_the_lag_is_polled
{
    private readonly FakeTimeProvider _time = new();
    private readonly Broker _broker = new();
    private ServiceProvider _services = null!;
    private SenderMetrics _metrics = null!;
    private LagPoller _poller = null!;

    [TearDown]
    public async Task End()
    {
        await _poller.StopAsync(CancellationToken.None);
        _poller.Dispose();
        _metrics.Dispose();
        await _services.DisposeAsync();
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_fails_is_repeated_before_it_would_be_due(CancellationToken cancellationToken)
    {
        await Start(TimeSpan.FromHours(1), cancellationToken);

        _broker.Asked.Dequeue().SetException(new TimeoutException());
        var failedAt = _time.GetUtcNow();
        await Eventually.Holds(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _broker.Asked.Count == 1;
            },
            cancellationToken
        );

        Assert.That(_time.GetUtcNow() - failedAt, Is.LessThan(TimeSpan.FromMinutes(1)));
    }

    [Test, CancelAfter(10_000)]
    public async Task However_often_it_has_the_time_that_a_connection_takes(CancellationToken cancellationToken)
    {
        await Start(TimeSpan.FromMilliseconds(100), cancellationToken);

        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.That(_broker.Patience.IsCancellationRequested, Is.False);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_broker.Patience.IsCancellationRequested);
    }

    private async Task Start(TimeSpan interval, CancellationToken cancellationToken)
    {
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        _metrics = new SenderMetrics(_services.GetRequiredService<IMeterFactory>());
        var signal = new StartSignal();
        _poller = new LagPoller(
            _broker,
            signal,
            Options.Create(new TransportOptions { LagPollInterval = interval }),
            _metrics,
            _time,
            NullLogger<LagPoller>.Instance
        );
        await _poller.StartAsync(cancellationToken);
        signal.SetConsuming();
        await Eventually.Holds(() => _broker.Asked.Count == 1, cancellationToken);
    }

    private sealed class Broker : IBrokerLag
    {
        public Queue<TaskCompletionSource<IReadOnlyList<ConsumerLag>>> Asked { get; } = [];

        public CancellationToken Patience { get; private set; }

        public Task<IReadOnlyList<ConsumerLag>> Measure(CancellationToken cancellationToken)
        {
            Patience = cancellationToken;
            var answer = new TaskCompletionSource<IReadOnlyList<ConsumerLag>>();
            Asked.Enqueue(answer);
            return answer.Task.WaitAsync(cancellationToken);
        }
    }
}
