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
    private FakeTimeProvider _time = null!;
    private ServiceProvider _services = null!;
    private SenderMetrics _metrics = null!;
    private CrmCircuit _circuit = null!;

    [SetUp]
    public async Task Open()
    {
        _time = new FakeTimeProvider();
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
    public async Task One_bad_answer_opens_it_again()
    {
        _time.Advance(TimeSpan.FromSeconds(29));
        await Ask(CrmAnswerKind.Retryable);
        _time.Advance(TimeSpan.FromSeconds(29));

        Assert.That(_circuit.IsOpen);
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
            CancellationToken.None
        );
}
