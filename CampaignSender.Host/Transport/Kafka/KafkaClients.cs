using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// The settings of every client of Kafka. What an operator may tune comes first, then the operator's own properties, then
/// what the promises rest on and nobody may change.
/// </summary>
internal sealed partial class KafkaClients(IOptions<KafkaOptions> options, ILogger<KafkaClients> logger)
{
    private const string ClientId = "campaign-sender";

    /// <summary>A replica that died is noticed after this time, and its partitions are given to others.</summary>
    private const int SessionTimeoutMs = 15_000;

    /// <summary>What librdkafka takes for another name.</summary>
    private static readonly Dictionary<string, string> _aliases = new()
    {
        ["metadata.broker.list"] = "bootstrap.servers",
        ["request.required.acks"] = "acks",
        ["sasl.mechanisms"] = "sasl.mechanism",
    };

    private const int StatisticsIntervalMs = 5_000;

    /// <summary>Pages are worked on one by one, so a deep prefetch would only hold memory.</summary>
    private const int PrefetchedKilobytes = 16 * 1024;

    /// <summary>Larger than any page, and as large as the largest message that a consumer accepts.</summary>
    private const int LargestMessageBytes = 100_000_000;

    /// <summary>A broker that has not confirmed a message in this time counts as away.</summary>
    public static readonly TimeSpan DeliveryTimeout = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A request that has no answer by then is made again. For librdkafka's own minute the pages of a broker whose answer
    /// was lost would wait.
    /// </summary>
    private const int SocketTimeoutMs = 10_000;

    /// <summary>
    /// The polling thread never pauses for longer than a drain, so a rebalance need not wait for longer for a member either.
    /// </summary>
    private const int MaxPollIntervalMs = 60_000;

    /// <summary>
    /// A topic that had no leader when its consumer started, and partitions that were added, are looked for again after that.
    /// </summary>
    private const int MetadataRefreshMs = 10_000;

    public int PagesInWork => options.Value.PagesInWork;

    /// <summary>How long a member may go without a poll and not be taken for dead, with a good margin.</summary>
    public TimeSpan LongestSilence => MaxPollInterval / 2;

    /// <summary>A rebalance waits that long for the slowest member, and some more passes until it is over.</summary>
    public TimeSpan LongestJoin => MaxPollInterval * 1.5;

    private TimeSpan MaxPollInterval => TimeSpan.FromMilliseconds(PageConfig().MaxPollIntervalMs!.Value);

    /// <summary>Whether an operator's property of this name would not take effect: the service sets it itself.</summary>
    public static bool Overrules(KafkaOptions options, string name)
    {
        const string Kept = "kept";
        var named = new KafkaOptions
        {
            SslEnabled = options.SslEnabled,
            SaslMechanism = options.SaslMechanism,
            Properties = $"{_aliases.GetValueOrDefault(name, name)}={Kept}",
        };
        var clients = new KafkaClients(Options.Create(named), NullLogger<KafkaClients>.Instance);
        return new ClientConfig[] { clients.PageConfig(), clients.ProducerConfig() }.Any(config =>
            config.All(property => property.Value != Kept)
        );
    }

    /// <summary>Members of the group that share the pages.</summary>
    public ConsumerBuilder<byte[]?, byte[]?> PageConsumer() => Logged(PageConfig());

    /// <summary>
    /// A reader of its own for each replica. It is assigned its partitions; its group, which the client asks for all the same,
    /// is never joined and nothing is committed in it: one that access control knows already.
    /// </summary>
    public ConsumerBuilder<byte[]?, byte[]?> ControlConsumer()
    {
        var config = Consumer(new ConsumerConfig { QueuedMaxMessagesKbytes = 1024 });
        config.GroupId = KafkaNames.SendGroup;
        config.AutoOffsetReset = AutoOffsetReset.Latest;
        return Logged(config);
    }

    /// <summary>Reads the dead letters from where an operator left off. It is assigned its partitions and joins no group.</summary>
    public ConsumerBuilder<byte[]?, byte[]?> DeadLetterReader()
    {
        var config = Consumer(new ConsumerConfig { QueuedMaxMessagesKbytes = 1024 });
        config.GroupId = KafkaNames.DeadLetterGroup;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.EnablePartitionEof = true;
        config.StatisticsIntervalMs = 0;
        return Logged(config);
    }

    /// <summary>Asks about the topics, and about the group that shares the pages, and never joins it.</summary>
    public ConsumerBuilder<byte[]?, byte[]?> Onlooker()
    {
        var config = Consumer(new ConsumerConfig());
        config.GroupId = KafkaNames.SendGroup;
        config.StatisticsIntervalMs = 0;
        return Logged(config);
    }

    /// <summary>A message is delivered when all in-sync replicas have it, once and in order.</summary>
    public ProducerBuilder<byte[]?, byte[]?> Producer() =>
        new ProducerBuilder<byte[]?, byte[]?>(ProducerConfig()).SetLogHandler((_, line) => Write(line));

    public AdminClientBuilder Admin() =>
        new AdminClientBuilder(Tuned(new AdminClientConfig())).SetLogHandler((_, line) => Write(line));

    private ProducerConfig ProducerConfig()
    {
        var config = Tuned(
            new ProducerConfig
            {
                LingerMs = 0,
                MessageTimeoutMs = (int)DeliveryTimeout.TotalMilliseconds,
                MessageMaxBytes = LargestMessageBytes,
            }
        );
        config.Acks = Acks.All;
        config.EnableIdempotence = true;
        return config;
    }

    private ConsumerConfig PageConfig()
    {
        var config = Consumer(
            new ConsumerConfig
            {
                SessionTimeoutMs = SessionTimeoutMs,
                HeartbeatIntervalMs = SessionTimeoutMs / 5,
                MaxPollIntervalMs = MaxPollIntervalMs,
                QueuedMaxMessagesKbytes = PrefetchedKilobytes,
                TopicMetadataRefreshIntervalMs = MetadataRefreshMs,
            }
        );
        config.GroupId = KafkaNames.SendGroup;
        config.GroupInstanceId = options.Value.GroupInstanceId;
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        return config;
    }

    private ConsumerConfig Consumer(ConsumerConfig config)
    {
        Tuned(config);
        config.EnableAutoCommit = false;
        config.EnableAutoOffsetStore = false;
        config.EnablePartitionEof = false;
        config.ConsumeResultFields = "all";
        config.StatisticsIntervalMs = StatisticsIntervalMs;
        return config;
    }

    private ConsumerBuilder<byte[]?, byte[]?> Logged(ConsumerConfig config) =>
        new ConsumerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, line) => Write(line));

    private TConfig Tuned<TConfig>(TConfig config)
        where TConfig : ClientConfig
    {
        config.ClientId = ClientId;
        config.SocketKeepaliveEnable = true;
        config.SocketTimeoutMs = SocketTimeoutMs;
        config.ReconnectBackoffMaxMs = 2_000;
        // After an outage of all brokers, requests that it tries to save could wait for ever (ADR 7).
        config.MetadataRecoveryStrategy = MetadataRecoveryStrategy.None;
        foreach (var (name, value) in KafkaProperties.Parse(options.Value.Properties))
        {
            config.Set(name, value);
        }

        config.BootstrapServers = options.Value.Brokers;
        Secure(config);
        return config;
    }

    private void Secure(ClientConfig config)
    {
        var kafka = options.Value;
        config.SecurityProtocol = (kafka.SaslMechanism, kafka.SslEnabled) switch
        {
            (null, false) => SecurityProtocol.Plaintext,
            (null, true) => SecurityProtocol.Ssl,
            (_, false) => SecurityProtocol.SaslPlaintext,
            (_, true) => SecurityProtocol.SaslSsl,
        };
        if (kafka.SaslMechanism is { } mechanism)
        {
            config.SaslMechanism = mechanism switch
            {
                KafkaSaslMechanism.Plain => SaslMechanism.Plain,
                KafkaSaslMechanism.ScramSha256 => SaslMechanism.ScramSha256,
                _ => SaslMechanism.ScramSha512,
            };
            config.SaslUsername = kafka.Username;
            config.SaslPassword = kafka.Password;
        }
    }

    private void Write(LogMessage line)
    {
        // The operator's properties go to all clients, and each complains about those that are not for its kind.
        var level =
            line.Facility == "CONFWARN"
                ? LogLevel.Debug
                : (LogLevel)line.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        if (logger.IsEnabled(level))
        {
            LogClient(logger, level, line.Facility, line.Message);
        }
    }

    [LoggerMessage(Message = "Kafka client: {Facility}: {Text}")]
    private static partial void LogClient(ILogger logger, LogLevel level, string facility, string text);
}
