using CampaignSender.Contracts;
using CampaignSender.Host.Commands;
using CampaignSender.Sandbox.Replicas;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Servers.Programs;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending.Kafka;

internal sealed class When_topics_are_missing : KafkaTest
{
    [TestCase(Topics.Send), TestCase(Topics.Control), CancelAfter(30_000)]
    public async Task The_service_is_ready_when_they_are_made(string missing, CancellationToken cancellationToken)
    {
        await using var kafka = await Kafka.Fresh(
            [.. OldSenderTopics.All.Where(topic => topic.Name != missing)],
            cancellationToken
        );
        await using var replica = await RunningReplica.StartOnly(
            Scene.Settings(
                ("Kafka:Brokers", kafka.BootstrapServers),
                Properties("topic.metadata.refresh.interval.ms=300")
            ),
            cancellationToken
        );
        await replica.Log.WaitFor(
            missing == Topics.Send ? "cannot be consumed now" : "is not consumed",
            cancellationToken
        );
        var reason = await WaitForReadiness(replica, isReady: false, cancellationToken);
        TestContext.Out.WriteLine(reason);
        Assert.That(reason, Does.Contain("\"broker\":").And.Contain(missing));

        await kafka.Create(OldSenderTopics.All, cancellationToken);

        await WaitForReadiness(replica, isReady: true, cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task An_empty_topic_is_nothing_to_wait_for(CancellationToken cancellationToken)
    {
        var replica = await Scene.StartReplica(cancellationToken);

        await WaitForReadiness(replica, isReady: true, cancellationToken);
        var metrics = await Metrics.WaitFor(
            replica.Http,
            scraped => scraped.Has("campaign_sender_consumer_lag"),
            cancellationToken
        );
        Assert.That(
            metrics.Labels("campaign_sender_consumer_lag", "partition").Count(),
            Is.EqualTo(OldSenderTopics.PagePartitions)
        );
        Assert.That(metrics.Sum("campaign_sender_consumer_lag", ""), Is.Zero);
    }

    [TestCase(Topics.Send), TestCase(Topics.Control), TestCase(Topics.SendDeadLetters), CancelAfter(60_000)]
    public async Task The_check_finds_a_fault(string missing, CancellationToken cancellationToken)
    {
        await using var kafka = await Kafka.Fresh(
            [.. OldSenderTopics.All.Where(topic => topic.Name != missing)],
            cancellationToken
        );
        await using var services = Scene.CommandServices(
            (services, configuration) => services.AddChecks(configuration),
            ("Kafka:Brokers", kafka.BootstrapServers)
        );

        Assert.That(await CheckCommand.Execute(services, cancellationToken), Is.EqualTo(ExitCodes.Failure));

        await kafka.Create(OldSenderTopics.All, cancellationToken);

        Assert.That(await CheckCommand.Execute(services, cancellationToken), Is.EqualTo(ExitCodes.Success));
    }

    // That it makes those that are missing cannot be shown here: the mock cluster knows no administration.
    [Test, CancelAfter(30_000)]
    public async Task The_command_says_which_exist(CancellationToken cancellationToken)
    {
        var (exitCode, output) = await Command.Run(
            "env",
            [
                $"KAFKA_BROKERS={Kafka.BootstrapServers}",
                "POSTGRES_DB_HOST=",
                "dotnet",
                Scene.HostAssembly,
                "topics",
                "provision",
            ],
            cancellationToken
        );

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Is.EquivalentTo(OldSenderTopics.All.Select(topic => $"{topic.Name}: exists, {topic.Partitions} partitions"))
        );
    }
}
