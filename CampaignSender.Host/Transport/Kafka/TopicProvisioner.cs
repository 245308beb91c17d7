using System.Globalization;
using CampaignSender.Contracts;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>Makes the topics that are missing. What exists is never altered: it belongs to whoever made it.</summary>
internal sealed class TopicProvisioner(KafkaClients clients)
{
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan GlanceTime = TimeSpan.FromSeconds(5);

    /// <summary>Those that the service reads or writes.</summary>
    private static readonly string[] Ours = [Topics.Send, Topics.Control, Topics.Tracked, Topics.SendDeadLetters];

    private static readonly string[] Names = [Topics.Pack, .. Ours];

    /// <summary>The topics that the service needs and the broker does not have.</summary>
    /// <exception cref="KafkaException">The broker cannot be reached, or refuses.</exception>
    public async Task<IReadOnlyList<string>> Missing(CancellationToken cancellationToken)
    {
        using var admin = clients.Admin().Build();
        // Of all topics: asking for one by its name may make it.
        var known = await Task.Run(() => admin.GetMetadata(GlanceTime), cancellationToken);
        return [.. Ours.Except(known.Topics.Select(topic => topic.Topic))];
    }

    /// <exception cref="KafkaException">The broker cannot be reached, or refuses.</exception>
    public async Task<IReadOnlyList<ProvisionedTopic>> Provision(TopicPlan plan, CancellationToken cancellationToken)
    {
        using var admin = clients.Admin().Build();
        var known = await Task.Run(() => admin.GetMetadata(RequestTime), cancellationToken);
        var existing = known
            .Topics.Where(topic => Names.Contains(topic.Topic))
            .Select(topic => new ProvisionedTopic(topic.Topic, topic.Partitions.Count, WasMissing: false))
            .ToList();
        var missing = Names.Except(existing.Select(topic => topic.Name)).Select(name => Specify(name, plan)).ToList();
        if (missing.Count > 0)
        {
            await admin.CreateTopicsAsync(missing, new CreateTopicsOptions { RequestTimeout = RequestTime });
        }

        return
        [
            .. existing,
            .. missing.Select(topic => new ProvisionedTopic(topic.Name, topic.NumPartitions, WasMissing: true)),
        ];
    }

    private static TopicSpecification Specify(string name, TopicPlan plan)
    {
        var topic = new TopicSpecification
        {
            Name = name,
            NumPartitions = name == Topics.Control ? plan.ControlPartitions : plan.Partitions,
            ReplicationFactor = plan.ReplicationFactor,
        };
        if (plan.Retention is { } retention)
        {
            topic.Configs = new Dictionary<string, string>
            {
                ["retention.ms"] = retention.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture),
            };
        }

        return topic;
    }
}
