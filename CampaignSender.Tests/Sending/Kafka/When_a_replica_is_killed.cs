using CampaignSender.Sandbox.Replicas;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending.Kafka;

internal sealed class When_a_replica_is_killed : KafkaTest
{
    [Test, CancelAfter(120_000)]
    public async Task Its_pages_are_delivered_again_and_nobody_gets_two_messages(CancellationToken cancellationToken)
    {
        const int Posts = 8;
        var plan = await Prepare(contacts: 60, pageSize: 20, cancellationToken);
        var settings = Scene.ProcessSettings() with
        {
            Variables = new Dictionary<string, string>
            {
                ["DISPATCH_CONCURRENCY"] = $"{Posts}",
                ["DISPATCH_TIMEOUT_MS"] = "2000",
                ["CLAIM_TTL_MS"] = "3000",
                ["PARKED_POLL_MS"] = "100",
                ["PARKED_RETRY_MS"] = "200",
            },
        };
        Scene.Crm.Hold();
        await using (var killed = await Replica.Start(Scene.HostAssembly, settings, cancellationToken))
        {
            await Scene.Publish(plan, cancellationToken);
            await Scene.Crm.WaitForPosts(Posts, cancellationToken);
            await killed.Kill(cancellationToken);
        }

        // The CRM carries out what it had received.
        Scene.Crm.Release();
        await using var next = await Replica.Start(Scene.HostAssembly, settings, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        await Scene.WaitForAcknowledgement(cancellationToken);

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }
}
