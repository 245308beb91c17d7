using CampaignSender.Sandbox.Chaos;
using CampaignSender.Sandbox.Stages;
using CampaignSender.Tests.Sending;
using NUnit.Framework;

namespace CampaignSender.Tests.Chaos;

/// <summary>A reckoning that finds nothing must be able to find something.</summary>
internal sealed class When_the_service_breaks_a_promise
{
    [TestCase(BrokerKind.RabbitMq, "resend", Promise.ContactsSentTwice)]
    [TestCase(BrokerKind.Kafka, "fail", Promise.FailedThoughSent)]
    [CancelAfter(180_000)]
    public async Task The_reckoning_tells(
        BrokerKind broker,
        string policy,
        object promise,
        CancellationToken cancellationToken
    )
    {
        var options = Options.Of(faults: 0, contacts: 400) with
        {
            Broker = broker,
            Replicas = 1,
            DropShare = 0.2,
            Duration = TimeSpan.FromSeconds(5),
            Variables = new Dictionary<string, string> { ["DISPATCH_UNCERTAIN"] = policy },
            HostAssembly = Scene.HostAssembly,
        };

        var report = await new ChaosRun(options, TextWriter.Null, TimeProvider.System).Run(cancellationToken);

        Assert.That(
            report.Violations.Where(broken => broken.Value > 0).Select(broken => broken.Key),
            Does.Contain((Promise)promise)
        );
    }
}
