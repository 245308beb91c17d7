using System.CommandLine;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Transport.Kafka;

namespace CampaignSender.Host.Commands;

internal static class TopicsProvisionCommand
{
    public static Command Build()
    {
        var partitions = NumberOption.WithDefault("--partitions", 12, 1, 10_000, "Partitions of a new topic");
        var control = NumberOption.WithDefault(
            "--control-partitions",
            1,
            1,
            100,
            "Partitions of campaigns.control, when it is new"
        );
        var replication = NumberOption.WithDefault(
            "--replication",
            -1,
            -1,
            100,
            "Replicas of a new topic; -1 leaves it to the broker"
        );
        var retention = NumberOption.Optional(
            "--retention-hours",
            1,
            100 * 365 * 24,
            "How long a new topic keeps messages; without it the broker decides"
        );
        var provision = new Command(
            "provision",
            "Makes the Kafka topics that are missing, and says which exist. Never alters one."
        )
        {
            partitions,
            control,
            replication,
            retention,
        };
        provision.SetAction(
            (arguments, cancellationToken) =>
                Execute(
                    new TopicPlan
                    {
                        Partitions = arguments.GetValue(partitions),
                        ControlPartitions = arguments.GetValue(control),
                        ReplicationFactor = (short)arguments.GetValue(replication),
                        Retention = arguments.GetValue(retention) is { } hours ? TimeSpan.FromHours(hours) : null,
                    },
                    cancellationToken
                )
        );
        return new Command("topics", "The topics of Kafka.") { provision };
    }

    private static Task<int> Execute(TopicPlan plan, CancellationToken cancellationToken) =>
        CommandHost.Run(
            builder =>
            {
                // Of Kafka, whichever broker the service itself uses.
                builder.Configuration.AddInMemoryCollection([new("Run:BrokerType", nameof(BrokerType.Kafka))]);
                builder.Services.AddSingleton<KafkaClients>().AddSingleton<TopicProvisioner>();
            },
            async services =>
            {
                var topics = await services.GetRequiredService<TopicProvisioner>().Provision(plan, cancellationToken);
                Answer.Write(
                    topics,
                    () =>
                        string.Join(
                            Environment.NewLine,
                            topics.Select(topic =>
                                $"{topic.Name}: {(topic.WasMissing ? "made" : "exists")}, {CommandText.Count(topic.Partitions, "partition")}"
                            )
                        )
                );

                return ExitCodes.Success;
            }
        );
}
