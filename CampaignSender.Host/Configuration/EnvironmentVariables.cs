using CampaignSender.Host.Attempts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Claiming;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Database;
using CampaignSender.Host.Pacing;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Safety;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Transport;
using Npgsql;
using static CampaignSender.Host.Configuration.VariableKind;

namespace CampaignSender.Host.Configuration;

/// <summary>
/// Every setting of the service. The names are those that operators of evo-flow already set; defaults are those of the
/// options classes.
/// </summary>
internal static class EnvironmentVariables
{
    private const int Hour = 3_600_000;
    private const int Day = 24 * Hour;

    public static IReadOnlyList<EnvironmentVariable> All { get; } =
    [
        Of<RunOptions>(
            "RUN_MODE",
            nameof(RunOptions.RunMode),
            Exactly(RunOptions.CampaignSender),
            "The part of evo-flow to run; this service is the campaign sender and nothing else."
        ),
        Of<RunOptions>(
            "BROKER_TYPE",
            nameof(RunOptions.BrokerType),
            OneOf<BrokerType>("kafka", "rabbitmq"),
            "The broker that carries the campaigns."
        ),
        Of<RunOptions>(
            "PORT",
            nameof(RunOptions.Port),
            WholeNumber(0, 65_535),
            "Port of the HTTP endpoints; 0 takes any free one."
        ),
        Of<RunOptions>(
            "LISTEN_ADDRESS",
            nameof(RunOptions.ListenAddress),
            Address,
            "Address that the HTTP endpoints listen on; :: is every address of the machine."
        ),
        Of<RabbitMqOptions>(
            "RABBITMQ_URL",
            nameof(RabbitMqOptions.Url),
            Url("amqp", "amqps"),
            "Address of RabbitMQ, with user and password.",
            "required with rabbitmq"
        ),
        Of<RabbitMqOptions>(
            "RABBITMQ_VHOST",
            nameof(RabbitMqOptions.VirtualHost),
            Text,
            "Virtual host; overrides the path of the url. "
                + "evo-flow's packer uses that path whatever this says: where the two differ none of its pages comes.",
            "the path of the url"
        ),
        Of<RabbitMqOptions>(
            "RABBITMQ_PREFETCH_COUNT",
            nameof(RabbitMqOptions.PrefetchCount),
            WholeNumber(1, ushort.MaxValue),
            "Pages in work at once per replica."
        ),
        Of<KafkaOptions>(
            "KAFKA_BROKERS",
            nameof(KafkaOptions.Brokers),
            HostList,
            "Addresses of Kafka.",
            "required with kafka"
        ),
        Of<KafkaOptions>(
            "KAFKA_SASL_MECHANISM",
            nameof(KafkaOptions.SaslMechanism),
            OneOf<KafkaSaslMechanism>("plain", "scram-sha-256", "scram-sha-512"),
            "How to authenticate to Kafka.",
            "no authentication"
        ),
        Of<KafkaOptions>(
            "KAFKA_SASL_USERNAME",
            nameof(KafkaOptions.Username),
            Text,
            "User for Kafka.",
            "required with a mechanism"
        ),
        Of<KafkaOptions>(
            "KAFKA_SASL_PASSWORD",
            nameof(KafkaOptions.Password),
            Secret,
            "Password for Kafka.",
            "required with a mechanism"
        ),
        Of<KafkaOptions>(
            "KAFKA_SSL_ENABLED",
            nameof(KafkaOptions.SslEnabled),
            VariableKind.Boolean,
            "Whether to speak TLS to Kafka."
        ),
        Of<KafkaOptions>(
            "KAFKA_GROUP_INSTANCE_ID",
            nameof(KafkaOptions.GroupInstanceId),
            Text,
            "Static membership: a name of the replica that survives its restart, a StatefulSet's pod name for instance.",
            "dynamic membership"
        ),
        Of<KafkaOptions>(
            "KAFKA_PAGES_IN_WORK",
            nameof(KafkaOptions.PagesInWork),
            WholeNumber(1, 1_000),
            "Pages in work at once per replica."
        ),
        Of<KafkaOptions>(
            "KAFKA_PROPERTIES",
            nameof(KafkaOptions.Properties),
            KafkaPropertyList,
            "Further properties of librdkafka, for instance `ssl.ca.location=/etc/kafka/ca.pem;session.timeout.ms=30000`; those that the service sets itself are refused.",
            "none"
        ),
        Of<AttemptOptions>(
            "BROKER_DELIVERY_LIMIT",
            nameof(AttemptOptions.DeliveryLimit),
            WholeNumber(1, 1_000),
            "Tries of a page that fails unexpectedly or crashes its replica, before it is dead-lettered; faults of database and broker do not count, unless the database cannot even be told that the attempt has ended."
        ),
        Of<TransportOptions>(
            "CAMPAIGN_SENDER_LAG_POLL_MS",
            nameof(TransportOptions.LagPollInterval),
            Milliseconds(100, Hour),
            "How often the consumer lag is measured."
        ),
        Of<TransportOptions>(
            "CAMPAIGN_SENDER_MAX_CONTACT_IDS",
            nameof(TransportOptions.MaxContactIds),
            WholeNumber(1, 1_000_000),
            "The largest page that is accepted."
        ),
        Of<DatabaseOptions>("POSTGRES_DB_HOST", nameof(DatabaseOptions.Host), Text, "Host of PostgreSQL.", "required"),
        Of<DatabaseOptions>(
            "POSTGRES_DB_PORT",
            nameof(DatabaseOptions.Port),
            WholeNumber(1, 65_535),
            "Port of PostgreSQL."
        ),
        Of<DatabaseOptions>(
            "POSTGRES_DB_USERNAME",
            nameof(DatabaseOptions.Username),
            Text,
            "Role to log in as.",
            "required"
        ),
        Of<DatabaseOptions>(
            "POSTGRES_DB_PASSWORD",
            nameof(DatabaseOptions.Password),
            Secret,
            "Password of that role.",
            "no password"
        ),
        Of<DatabaseOptions>(
            "POSTGRES_DB_DATABASE",
            nameof(DatabaseOptions.Database),
            Text,
            "evo-flow's database.",
            "required"
        ),
        Of<DatabaseOptions>(
            "POSTGRES_SSLMODE",
            nameof(DatabaseOptions.SslMode),
            OneOf<SslMode>("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
            "TLS to PostgreSQL, as libpq has it: require encrypts, verify-ca and verify-full check the certificate too."
        ),
        Of<DatabaseOptions>(
            "POSTGRES_POOL_SIZE",
            nameof(DatabaseOptions.PoolSize),
            WholeNumber(1, 1_000),
            "The most connections that one replica opens, but for one or two at its start."
        ),
        Of<DatabaseOptions>(
            "POSTGRES_PREPARED_STATEMENTS",
            nameof(DatabaseOptions.PreparedStatements),
            WholeNumber(0, 1_000),
            "Statements that each connection keeps prepared; 0 behind a pooler like PgBouncer in transaction mode."
        ),
        Of<CrmOptions>(
            "EVOAI_CRM_BASE_URL",
            nameof(CrmOptions.BaseUrl),
            Url("http", "https"),
            "Address of the CRM.",
            "required"
        ),
        Of<CrmOptions>(
            "EVOAI_CRM_API_TOKEN",
            nameof(CrmOptions.ApiToken),
            Token,
            "The CRM's service token.",
            "required"
        ),
        Of<CrmOptions>(
            "CRM_TEMPLATE_CACHE_MS",
            nameof(CrmOptions.TemplateCacheTime),
            Milliseconds(0, Day),
            "How old a message template may be."
        ),
        Of<DispatchOptions>(
            "DISPATCH_RETRY_COUNT",
            nameof(DispatchOptions.RetryCount),
            WholeNumber(0, 100),
            "Further tries of a dispatch after the first."
        ),
        Of<DispatchOptions>(
            "DISPATCH_BACKOFF_BASE_MS",
            nameof(DispatchOptions.BackoffBase),
            Milliseconds(0, Hour),
            "Wait before the first further try; it doubles with each."
        ),
        Of<DispatchOptions>(
            "DISPATCH_BACKOFF_CAP_MS",
            nameof(DispatchOptions.BackoffCap),
            Milliseconds(0, Hour),
            "The longest wait between two tries, and the first one too where it is below the base."
        ),
        Of<DispatchOptions>(
            "DISPATCH_CONCURRENCY",
            nameof(DispatchOptions.Concurrency),
            WholeNumber(1, 2_000),
            "Requests to the CRM in flight per replica, over all pages."
        ),
        Of<DispatchOptions>(
            "DISPATCH_TIMEOUT_MS",
            nameof(DispatchOptions.Timeout),
            Milliseconds(1, Hour),
            "The longest that one try may take."
        ),
        Of<DispatchOptions>(
            "DISPATCH_UNCERTAIN",
            nameof(DispatchOptions.Uncertain),
            OneOf<UncertainPolicy>("verify", "resend", "fail"),
            "What becomes of a dispatch that may have been carried out, which is any that ends in 5xx, in a 422 that tells of an outage or nothing, or without an answer: ask the CRM, send again, or give up."
        ),
        Of<DispatchOptions>(
            "DISPATCH_SETTLE_MS",
            nameof(DispatchOptions.SettleTime),
            Milliseconds(0, Hour),
            "How long after `DISPATCH_TIMEOUT_MS` the CRM may still carry out a request; it is asked only then."
        ),
        Of<DispatchOptions>(
            "DISPATCH_UNKNOWN_AFTER_MS",
            nameof(DispatchOptions.UnknownAfter),
            Milliseconds(0, Day),
            "After this time a contact whose outcome cannot be found out is FAILED as `outcome_unknown`."
        ),
        Of<ClaimOptions>(
            "CLAIM_TTL_MS",
            nameof(ClaimOptions.TimeToLive),
            Milliseconds(1, Day),
            "How long a contact stays claimed by a replica that fell silent; at least a second longer than `DISPATCH_TIMEOUT_MS`."
        ),
        Of<ClaimOptions>(
            "CLAIM_CHUNK_SIZE",
            nameof(ClaimOptions.ChunkSize),
            WholeNumber(1, 1_000),
            "Contacts that one statement claims; up to four times as many while they are sent within 0.1 s."
        ),
        Of<GateOptions>(
            "CAMPAIGN_STATUS_CACHE_TTL_MS",
            nameof(GateOptions.StatusCacheTime),
            Milliseconds(0, Hour),
            "How old a campaign's status may be before a dispatch; 0 asks the database every time."
        ),
        Of<RateLimitOptions>(
            "RATE_LIMITER_CAPACITY",
            nameof(RateLimitOptions.Capacity),
            WholeNumber(0, 1_000_000),
            "Messages that an idle inbox may send at once; 0 turns the limit off."
        ),
        Of<RateLimitOptions>(
            "RATE_LIMITER_REFILL_RATE",
            nameof(RateLimitOptions.RefillRate),
            WholeNumber(0, 1_000_000),
            "Messages a second per inbox, over all replicas; 0 turns the limit off."
        ),
        Of<SafetyOptions>(
            "SAFETY_STOP_WINDOW",
            nameof(SafetyOptions.Window),
            WholeNumber(1, 100_000),
            "A campaign is paused by the sender when too many of so many of its last contacts failed."
        ),
        Of<SafetyOptions>(
            "SAFETY_STOP_MIN_FAILURES",
            nameof(SafetyOptions.MinFailures),
            WholeNumber(1, 100_000),
            "With fewer failures among them it goes on; at most `SAFETY_STOP_WINDOW`."
        ),
        Of<SafetyOptions>(
            "SAFETY_STOP_SHARE_PERCENT",
            nameof(SafetyOptions.SharePercent),
            WholeNumber(0, 100),
            "The share of failures, in percent, that it is paused at; 0: never."
        ),
        Of<ParkingOptions>(
            "PARKED_POLL_MS",
            nameof(ParkingOptions.PollInterval),
            Milliseconds(1, Hour),
            "How often parked pages are looked through; a fifth as often while there are none."
        ),
        Of<ParkingOptions>(
            "PARKED_RETRY_MS",
            nameof(ParkingOptions.RetryDelay),
            Milliseconds(0, Day),
            "The earliest time after which a page parked for a passing reason is sent again."
        ),
        Of<ParkingOptions>(
            "PAGE_TIME_BUDGET_MS",
            nameof(ParkingOptions.PageTimeBudget),
            Milliseconds(1_000, Day),
            "A page that has not finished by then is parked with what is left of it. RabbitMQ takes a message back after its own "
                + "`consumer_timeout`, 30 minutes by default: stay below it."
        ),
        Of<ShutdownOptions>(
            "SHUTDOWN_DRAIN_MS",
            nameof(ShutdownOptions.DrainTimeout),
            Milliseconds(0, 29_000),
            "How long pages in work may finish after a stop; the process ends after 30 s at the latest."
        ),
        new(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            null,
            Url("http", "https"),
            "no export",
            "Where telemetry goes; read by the OpenTelemetry exporter itself."
        ),
        Of<TraceOptions>(
            "TRACE_CONTACTS_PERCENT",
            nameof(TraceOptions.ContactsPercent),
            WholeNumber(0, 100),
            "Of a page's contacts, those whose requests are in its trace."
        ),
    ];

    public static EnvironmentVariable Named(string name) => All.Single(variable => variable.Name == name);

    private static EnvironmentVariable Of<TOptions>(
        string name,
        string property,
        VariableKind kind,
        string meaning,
        string? withoutIt = null
    )
        where TOptions : IOptionsSection, new() =>
        new(
            name,
            $"{TOptions.Section}:{property}",
            kind,
            withoutIt ?? kind.Write(typeof(TOptions).GetProperty(property)!.GetValue(new TOptions())!),
            meaning
        );
}
