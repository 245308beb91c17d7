using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CampaignSender.Sandbox.Servers;

/// <summary>Brokers that know administration.</summary>
internal sealed class RealKafka(string bootstrapServers, IRunningServer running)
    : KafkaServer(bootstrapServers, running)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    public override KafkaFaults Faults =>
        throw new NotSupportedException(
            $"Only librdkafka's mock cluster can be told to fail. It is taken where {KafkaSource.Variable} is not set "
                + "and no container engine answers."
        );

    // The least that brokers accept by default.
    public override string QuickGroups =>
        "session.timeout.ms=6000;heartbeat.interval.ms=1000;max.poll.interval.ms=20000";

    public override async Task Create(IReadOnlyCollection<KafkaTopic> topics, CancellationToken cancellationToken)
    {
        using var admin = Admin(BootstrapServers);
        await TryCreate(admin, topics, cancellationToken);
    }

    /// <summary>This very server. A group's offsets go with the topics that they belong to.</summary>
    public override async Task<KafkaServer> Fresh(
        IReadOnlyCollection<KafkaTopic> topics,
        CancellationToken cancellationToken
    )
    {
        using var admin = Admin(BootstrapServers);
        await Delete(admin, topics.Select(topic => topic.Name), cancellationToken);
        // A topic may still exist for a while after the answer.
        while (!await TryCreate(admin, topics, cancellationToken))
        {
            await Task.Delay(_pause, TimeProvider.System, cancellationToken);
        }

        return new RealKafka(BootstrapServers, new LentServer(this));
    }

    /// <summary>A client for administration that keeps its troubles to itself: they come as exceptions too.</summary>
    public static IAdminClient Admin(string bootstrapServers) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers })
            .SetLogHandler((_, _) => { })
            .Build();

    /// <summary>Whether all of them are new.</summary>
    private static async Task<bool> TryCreate(
        IAdminClient admin,
        IReadOnlyCollection<KafkaTopic> topics,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await admin
                .CreateTopicsAsync(
                    topics.Select(topic => new TopicSpecification
                    {
                        Name = topic.Name,
                        NumPartitions = topic.Partitions,
                    })
                )
                .WaitAsync(cancellationToken);
            return true;
        }
        catch (CreateTopicsException exception)
            when (exception.Results.All(result =>
                    result.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists
                )
            )
        {
            return false;
        }
    }

    private static async Task Delete(
        IAdminClient admin,
        IEnumerable<string> topics,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await admin.DeleteTopicsAsync(topics).WaitAsync(cancellationToken);
        }
        catch (DeleteTopicsException exception)
            when (exception.Results.All(result =>
                    result.Error.Code is ErrorCode.NoError or ErrorCode.UnknownTopicOrPart
                )
            )
        {
            // Those that did not exist need no deletion.
        }
    }
}
