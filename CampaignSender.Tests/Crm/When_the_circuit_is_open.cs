using System.Diagnostics.Metrics;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_the_circuit_is_open
{
    private static readonly Task<CrmAnswer> Never = new TaskCompletionSource<CrmAnswer>().Task;

    private SettableClock _time = null!;
    private ServiceProvider _services = null!;
    private SenderMetrics _metrics = null!;
    private CrmCircuit _circuit = null!;

    [SetUp]
    public async Task Open()
    {
        _time = new SettableClock();
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        _metrics = new SenderMetrics(_services.GetRequiredService<IMeterFactory>());
        _circuit = new CrmCircuit(_time, _metrics, NullLogger<CrmCircuit>.Instance);
        for (var count = 0; count < 20; count++)
        {
            await Ask(CrmAnswerKind.Retryable);
        }
    }

    [TearDown]
    public void End()
    {
        _metrics.Dispose();
        _services.Dispose();
    }

    [Test]
    public async Task Nobody_is_asked()
    {
        Assert.That(_circuit.IsOpen);
        Assert.That((await Ask(CrmAnswerKind.Ok)).Kind, Is.EqualTo(CrmAnswerKind.CircuitOpen));
    }

    [Test]
    public async Task One_good_answer_closes_it()
    {
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.That((await Ask(CrmAnswerKind.Ok)).Kind, Is.EqualTo(CrmAnswerKind.Ok));
        Assert.That(_circuit.IsOpen, Is.False);
    }

    [Test]
    public async Task A_clock_that_is_set_back_does_not_keep_it_open()
    {
        _time.Set = -TimeSpan.FromHours(1);
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.That((await Ask(CrmAnswerKind.Ok)).Kind, Is.EqualTo(CrmAnswerKind.Ok));
        Assert.That(_circuit.IsOpen, Is.False);
    }

    [Test]
    public async Task One_bad_answer_opens_it_again()
    {
        _time.Advance(TimeSpan.FromSeconds(29));
        await Ask(CrmAnswerKind.Retryable);
        _time.Advance(TimeSpan.FromSeconds(29));

        Assert.That(_circuit.IsOpen);
    }

    [Test]
    public async Task A_probe_that_is_given_up_does_not_close_it()
    {
        using var abandon = new CancellationTokenSource();
        _time.Advance(TimeSpan.FromSeconds(6));
        var probe = AskUntil(Never, CancellationToken.None, abandon.Token);
        await abandon.CancelAsync();

        Assert.That(async () => await probe, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_circuit.IsOpen);
        Assert.That((await Ask(CrmAnswerKind.Ok)).Kind, Is.EqualTo(CrmAnswerKind.CircuitOpen));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.That((await Ask(CrmAnswerKind.Ok)).Kind, Is.EqualTo(CrmAnswerKind.Ok), "and the next one may");
    }

    /// <summary>The others of its page meet the open circuit, and the page leaves.</summary>
    [Test]
    public async Task A_probe_outlives_those_who_leave()
    {
        using var leave = new CancellationTokenSource();
        _time.Advance(TimeSpan.FromSeconds(6));
        var answer = new TaskCompletionSource<CrmAnswer>();
        var probe = AskUntil(answer.Task, leave.Token, CancellationToken.None);
        Assert.That((await Ask(CrmAnswerKind.Ok)).Kind, Is.EqualTo(CrmAnswerKind.CircuitOpen));
        await leave.CancelAsync();

        answer.SetResult(new CrmAnswer { Kind = CrmAnswerKind.Ok });
        Assert.That((await probe).IsOk);
        Assert.That(_circuit.IsOpen, Is.False);
    }

    [Test]
    public async Task Who_leaves_anyway_is_no_probe()
    {
        using var left = new CancellationTokenSource();
        await left.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.That(
            async () => await AskUntil(Never, left.Token, CancellationToken.None),
            Throws.InstanceOf<OperationCanceledException>()
        );
        Assert.That((await Ask(CrmAnswerKind.Ok)).Kind, Is.EqualTo(CrmAnswerKind.Ok));
    }

    [Test]
    public async Task After_it_requests_end_with_those_who_leave()
    {
        _time.Advance(TimeSpan.FromSeconds(6));
        await Ask(CrmAnswerKind.Ok);
        using var leave = new CancellationTokenSource();

        var request = AskUntil(Never, leave.Token, CancellationToken.None);
        await leave.CancelAsync();

        Assert.That(async () => await request, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_circuit.IsOpen, Is.False);
    }

    [Test]
    public void It_is_old_news_where_nobody_asks()
    {
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.That(_circuit.IsOpen, Is.False);
    }

    private ValueTask<CrmAnswer> Ask(CrmAnswerKind answer) =>
        _circuit.Execute(
            static (kind, _) => ValueTask.FromResult(new CrmAnswer { Kind = kind }),
            answer,
            CancellationToken.None,
            CancellationToken.None
        );

    private Task<CrmAnswer> AskUntil(Task<CrmAnswer> answer, CancellationToken leave, CancellationToken abandon) =>
        _circuit
            .Execute(static async (answered, token) => await answered.WaitAsync(token), answer, leave, abandon)
            .AsTask();

    private sealed class SettableClock : FakeTimeProvider
    {
        public TimeSpan Set { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Set;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
