using CampaignSender.Host.Attempts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Claiming;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Database;
using CampaignSender.Host.Pacing;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Safety;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Transport;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Configuration;

public sealed class When_variables_are_read
{
    [Test]
    public void The_settings_of_a_running_evo_flow_are_enough()
    {
        var settings = new Settings()
            .With("RUN_MODE", "campaign-sender")
            .With("BROKER_TYPE", "rabbitmq")
            .With("RABBITMQ_VHOST", "/")
            .With("POSTGRES_DB_PORT", "5433")
            .With("POSTGRES_SSLMODE", "require")
            .With("DISPATCH_RETRY_COUNT", "0")
            .With("CAMPAIGN_STATUS_CACHE_TTL_MS", "2500");

        Assert.DoesNotThrow(settings.Start);
        Assert.Multiple(() =>
        {
            Assert.That(settings.Read<DatabaseOptions>().Port, Is.EqualTo(5433));
            Assert.That(settings.Read<DatabaseOptions>().SslMode, Is.EqualTo(SslMode.Require));
            Assert.That(settings.Read<DispatchOptions>().RetryCount, Is.Zero);
            Assert.That(settings.Read<GateOptions>().StatusCacheTime, Is.EqualTo(TimeSpan.FromSeconds(2.5)));
            Assert.That(settings.Read<RabbitMqOptions>().EffectiveVirtualHost, Is.EqualTo("/"));
            Assert.That(settings.Read<CrmOptions>().ApiToken, Is.EqualTo("token"));
        });
    }

    [TestCaseSource(nameof(Examples))]
    public void Each_reaches_its_option(object given)
    {
        var example = (Example)given;
        var settings = new Settings().With(example.Variable, example.Written);

        Assert.That(example.Read(settings), Is.EqualTo(example.Expected));
    }

    [Test]
    public void Every_variable_of_the_table_has_an_example()
    {
        var listed = EnvironmentVariables.All.Where(variable => variable.Key is not null).Select(each => each.Name);

        Assert.That(Examples().Select(example => example.Variable).Distinct(), Is.EquivalentTo(listed));
    }

    [Test]
    public void The_options_have_no_property_that_nobody_can_set()
    {
        var sections = typeof(RunOptions).Assembly.GetTypes().Where(IsSection).ToList();
        var keys = sections.SelectMany(type =>
            type.GetProperties()
                .Where(property => property.CanWrite)
                .Select(property => $"{type.GetProperty("Section")!.GetValue(null)}:{property.Name}")
        );

        Assert.That(sections, Has.Count.GreaterThan(10));
        Assert.That(
            keys,
            Is.EquivalentTo(EnvironmentVariables.All.Select(variable => variable.Key).Where(key => key is not null))
        );
    }

    [Test]
    public void An_empty_one_counts_as_not_set([Values("", "  ", null)] string? empty)
    {
        var settings = new Settings()
            .With("KAFKA_SASL_MECHANISM", empty)
            .With("DISPATCH_TIMEOUT_MS", empty)
            .With("POSTGRES_DB_PORT", empty);

        Assert.DoesNotThrow(settings.Start);
        Assert.That(settings.Read<DispatchOptions>().Timeout, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void A_required_one_that_is_empty_is_missing() =>
        Assert.That(
            new Settings().With("EVOAI_CRM_API_TOKEN", "").Faults(),
            Has.One.StartsWith(
                "EVOAI_CRM_API_TOKEN (key Crm:ApiToken): expected a secret text of ASCII characters on one line, but it is not set."
            )
        );

    [Test]
    public void They_win_over_configuration_keys()
    {
        var settings = new Settings()
            .WithKey("Dispatch:Concurrency", "5")
            .WithKey("Dispatch:RetryCount", "7")
            .With("DISPATCH_CONCURRENCY", "6");

        Assert.Multiple(() =>
        {
            Assert.That(settings.Read<DispatchOptions>().Concurrency, Is.EqualTo(6));
            Assert.That(settings.Read<DispatchOptions>().RetryCount, Is.EqualTo(7));
        });
    }

    [Test]
    public void A_configuration_key_works_in_its_own_units()
    {
        var settings = new Settings()
            .WithKey("Dispatch:Timeout", "00:00:20")
            .WithKey("Database:SslMode", "VerifyFull")
            .WithKey("Kafka:SslEnabled", "True");

        Assert.Multiple(() =>
        {
            Assert.That(settings.Read<DispatchOptions>().Timeout, Is.EqualTo(TimeSpan.FromSeconds(20)));
            Assert.That(settings.Read<DatabaseOptions>().SslMode, Is.EqualTo(SslMode.VerifyFull));
            Assert.That(settings.Read<KafkaOptions>().SslEnabled, Is.True);
        });
    }

    [TestCase("amqp://rabbitmq", "/")]
    [TestCase("amqp://rabbitmq/", "/")]
    [TestCase("amqp://rabbitmq/evo", "evo")]
    [TestCase("amqp://rabbitmq/%2Fevo", "/evo")]
    [TestCase("amqp://rabbitmq//evo", "/evo")]
    [TestCase("amqp://rabbitmq//", "/")]
    public void The_path_of_the_url_is_the_virtual_host_unless_one_is_set(string url, string expected)
    {
        var settings = new Settings().With("RABBITMQ_URL", url);

        Assert.That(settings.Read<RabbitMqOptions>().EffectiveVirtualHost, Is.EqualTo(expected));
        Assert.That(
            settings.With("RABBITMQ_VHOST", "other").Read<RabbitMqOptions>().EffectiveVirtualHost,
            Is.EqualTo("other")
        );
    }

    [TestCase("amqp://rabbitmq", null, false)]
    [TestCase("amqp://rabbitmq", "/", false)]
    [TestCase("amqp://rabbitmq/evo", "evo", false)]
    [TestCase("amqp://rabbitmq/%2Fevo", "/evo", false)]
    [TestCase("amqp://rabbitmq", "evo", true)]
    [TestCase("amqp://rabbitmq/evo", "/", true)]
    public void A_virtual_host_that_evo_flow_does_not_use_is_noticed(string url, string? virtualHost, bool isNoticed)
    {
        var settings = new Settings().With("RABBITMQ_URL", url).With("RABBITMQ_VHOST", virtualHost);

        Assert.That(settings.Read<RabbitMqOptions>().VirtualHostNotice is not null, Is.EqualTo(isNoticed));
    }

    [Test]
    public void The_database_is_reached_by_its_settings()
    {
        var connection = new NpgsqlConnectionStringBuilder(
            new Settings()
                .With("POSTGRES_DB_PASSWORD", "pa;ss'word\n")
                .With("POSTGRES_POOL_SIZE", "20")
                .Read<DatabaseOptions>()
                .BuildConnectionString()
        );

        Assert.Multiple(() =>
        {
            Assert.That(connection.Host, Is.EqualTo("postgres"));
            Assert.That(connection.Password, Is.EqualTo("pa;ss'word"));
            Assert.That(connection.MaxPoolSize, Is.EqualTo(20));
            Assert.That(connection.ApplicationName, Is.EqualTo("campaign-sender"));
            Assert.That(connection.CommandTimeout, Is.EqualTo(30));
            Assert.That(connection.KeepAlive, Is.EqualTo(30));
            Assert.That(connection.MaxAutoPrepare, Is.EqualTo(20));
            Assert.That(connection.GssEncryptionMode, Is.EqualTo(GssEncryptionMode.Disable));
            Assert.That(connection.Options, Is.EqualTo("-c plan_cache_mode=force_custom_plan"));
        });
    }

    [Test]
    public void A_pooler_gets_no_prepared_statements_and_no_option_that_it_does_not_know()
    {
        var connection = new NpgsqlConnectionStringBuilder(
            new Settings().With("POSTGRES_PREPARED_STATEMENTS", "0").Read<DatabaseOptions>().BuildConnectionString()
        );

        Assert.That(connection.MaxAutoPrepare, Is.Zero);
        Assert.That(connection.Options, Is.Null);
    }

    private static bool IsSection(Type type) => type.IsClass && type.IsAssignableTo(typeof(IOptionsSection));

    private static IEnumerable<Example> Examples() =>
        [
            Of<RunOptions>("RUN_MODE", "Campaign-Sender", run => run.RunMode, "campaign-sender"),
            Of<RunOptions>("BROKER_TYPE", "Kafka", run => run.BrokerType, BrokerType.Kafka),
            Of<RunOptions>("PORT", "0", run => run.Port, 0),
            Of<RunOptions>("LISTEN_ADDRESS", " 127.0.0.1 ", run => run.ListenAddress, "127.0.0.1"),
            Of<RabbitMqOptions>("RABBITMQ_URL", "amqps://h:1/v", rabbit => rabbit.Url, new Uri("amqps://h:1/v")),
            Of<RabbitMqOptions>("RABBITMQ_VHOST", "evo", rabbit => rabbit.VirtualHost, "evo"),
            Of<RabbitMqOptions>("RABBITMQ_PREFETCH_COUNT", "8", rabbit => rabbit.PrefetchCount, 8),
            Of<KafkaOptions>("KAFKA_BROKERS", "a:9092, b:9093,", kafka => kafka.Brokers, "a:9092,b:9093"),
            Of<KafkaOptions>("KAFKA_BROKERS", "[::1]:9092,10.0.0.1", kafka => kafka.Brokers, "[::1]:9092,10.0.0.1"),
            Of<KafkaOptions>(
                "KAFKA_SASL_MECHANISM",
                "SCRAM-SHA-512",
                kafka => kafka.SaslMechanism,
                KafkaSaslMechanism.ScramSha512
            ),
            Of<KafkaOptions>("KAFKA_SASL_USERNAME", "evo", kafka => kafka.Username, "evo"),
            Of<KafkaOptions>("KAFKA_SASL_PASSWORD", " p ", kafka => kafka.Password, " p "),
            Of<KafkaOptions>("KAFKA_SSL_ENABLED", "1", kafka => kafka.SslEnabled, true),
            Of<KafkaOptions>("KAFKA_GROUP_INSTANCE_ID", "sender-0", kafka => kafka.GroupInstanceId, "sender-0"),
            Of<KafkaOptions>("KAFKA_PAGES_IN_WORK", "12", kafka => kafka.PagesInWork, 12),
            Of<KafkaOptions>("KAFKA_PROPERTIES", " linger.ms=1 ", kafka => kafka.Properties, "linger.ms=1"),
            Of<AttemptOptions>("BROKER_DELIVERY_LIMIT", "5", attempts => attempts.DeliveryLimit, 5),
            Of<TransportOptions>(
                "CAMPAIGN_SENDER_LAG_POLL_MS",
                "500",
                transport => transport.LagPollInterval,
                TimeSpan.FromSeconds(0.5)
            ),
            Of<TransportOptions>("CAMPAIGN_SENDER_MAX_CONTACT_IDS", "9", transport => transport.MaxContactIds, 9),
            Of<DatabaseOptions>("POSTGRES_DB_HOST", "db", database => database.Host, "db"),
            Of<DatabaseOptions>("POSTGRES_DB_PORT", "1", database => database.Port, 1),
            Of<DatabaseOptions>("POSTGRES_DB_USERNAME", "u", database => database.Username, "u"),
            Of<DatabaseOptions>("POSTGRES_DB_PASSWORD", "p", database => database.Password, "p"),
            Of<DatabaseOptions>("POSTGRES_DB_DATABASE", "d", database => database.Database, "d"),
            Of<DatabaseOptions>("POSTGRES_SSLMODE", "verify-ca", database => database.SslMode, SslMode.VerifyCA),
            Of<DatabaseOptions>("POSTGRES_POOL_SIZE", "3", database => database.PoolSize, 3),
            Of<DatabaseOptions>("POSTGRES_PREPARED_STATEMENTS", "0", database => database.PreparedStatements, 0),
            Of<CrmOptions>("EVOAI_CRM_BASE_URL", "http://c:3000", crm => crm.BaseUrl, new Uri("http://c:3000")),
            Of<CrmOptions>("EVOAI_CRM_API_TOKEN", "t\r\n", crm => crm.ApiToken, "t"),
            Of<CrmOptions>("CRM_TEMPLATE_CACHE_MS", "0", crm => crm.TemplateCacheTime, TimeSpan.Zero),
            Of<DispatchOptions>("DISPATCH_RETRY_COUNT", "20", dispatch => dispatch.RetryCount, 20),
            Of<DispatchOptions>("DISPATCH_BACKOFF_BASE_MS", "1", dispatch => dispatch.BackoffBase, Milliseconds(1)),
            Of<DispatchOptions>("DISPATCH_BACKOFF_CAP_MS", "2000", dispatch => dispatch.BackoffCap, Milliseconds(2000)),
            Of<DispatchOptions>("DISPATCH_CONCURRENCY", "2", dispatch => dispatch.Concurrency, 2),
            Of<DispatchOptions>("DISPATCH_UNCERTAIN", "Resend", dispatch => dispatch.Uncertain, UncertainPolicy.Resend),
            Of<DispatchOptions>("DISPATCH_SETTLE_MS", "0", dispatch => dispatch.SettleTime, Milliseconds(0)),
            Of<DispatchOptions>("DISPATCH_UNKNOWN_AFTER_MS", "60", dispatch => dispatch.UnknownAfter, Milliseconds(60)),
            Of<DispatchOptions>("DISPATCH_TIMEOUT_MS", " 100 ", dispatch => dispatch.Timeout, Milliseconds(100)),
            Of<ClaimOptions>("CLAIM_TTL_MS", "31000", claim => claim.TimeToLive, Milliseconds(31_000)),
            Of<ClaimOptions>("CLAIM_CHUNK_SIZE", "1", claim => claim.ChunkSize, 1),
            Of<GateOptions>("CAMPAIGN_STATUS_CACHE_TTL_MS", "1", gate => gate.StatusCacheTime, Milliseconds(1)),
            Of<RateLimitOptions>("RATE_LIMITER_CAPACITY", "7", limit => limit.Capacity, 7),
            Of<RateLimitOptions>("RATE_LIMITER_REFILL_RATE", "0", limit => limit.RefillRate, 0),
            Of<SafetyOptions>("SAFETY_STOP_WINDOW", "150", safety => safety.Window, 150),
            Of<SafetyOptions>("SAFETY_STOP_MIN_FAILURES", "7", safety => safety.MinFailures, 7),
            Of<SafetyOptions>("SAFETY_STOP_SHARE_PERCENT", "0", safety => safety.SharePercent, 0),
            Of<ParkingOptions>("PARKED_POLL_MS", "10", parking => parking.PollInterval, Milliseconds(10)),
            Of<ParkingOptions>("PARKED_RETRY_MS", "20", parking => parking.RetryDelay, Milliseconds(20)),
            Of<ParkingOptions>("PAGE_TIME_BUDGET_MS", "1000", parking => parking.PageTimeBudget, Milliseconds(1_000)),
            Of<ShutdownOptions>("SHUTDOWN_DRAIN_MS", "40", shutdown => shutdown.DrainTimeout, Milliseconds(40)),
            Of<TraceOptions>("TRACE_CONTACTS_PERCENT", "3", trace => trace.ContactsPercent, 3),
        ];

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    private static Example Of<TOptions>(
        string variable,
        string written,
        Func<TOptions, object?> property,
        object expected
    )
        where TOptions : class => new(variable, written, settings => property(settings.Read<TOptions>()), expected);

    internal sealed record Example(string Variable, string Written, Func<Settings, object?> Read, object Expected)
    {
        public override string ToString() => $"{Variable}={Written.Trim()}";
    }
}
