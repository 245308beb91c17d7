using CampaignSender.Host.Configuration;
using CampaignSender.Host.Database;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace CampaignSender.Tests.Configuration;

public sealed class When_the_configuration_is_faulty
{
    [Test]
    public void All_faults_stop_the_start_together()
    {
        var faults = new Settings()
            .Without("POSTGRES_DB_HOST")
            .With("DISPATCH_TIMEOUT_MS", "soon")
            .With("PORT", "70000")
            .With("EVOAI_CRM_BASE_URL", "crm.example.com")
            .WithKey("Parking:RetryDelay", "10000")
            .Faults();

        Assert.That(
            faults,
            Is.EquivalentTo(
                new[]
                {
                    "POSTGRES_DB_HOST (key Database:Host): expected a text, but it is not set. "
                        + "Set it, for example POSTGRES_DB_HOST=postgres.",
                    "DISPATCH_TIMEOUT_MS (key Dispatch:Timeout): expected a whole number of milliseconds from 1 to "
                        + "3600000, got \"soon\". Correct it, or remove it to have the default: 30000.",
                    "PORT (key Run:Port): expected a whole number from 0 to 65535, got \"70000\". "
                        + "Correct it, or remove it to have the default: 3000.",
                    "EVOAI_CRM_BASE_URL (key Crm:BaseUrl): expected an absolute url that starts with http:// or "
                        + "https://, but its value is not (not shown, it may hold a secret). Correct it.",
                    "Parking:RetryDelay (variable PARKED_RETRY_MS): expected a time span from 00:00:00 to 1.00:00:00, "
                        + "written hours:minutes:seconds, got \"10000\". "
                        + "Correct it, or remove it to have the default: 10000.",
                }
            )
        );
    }

    [Test]
    public void A_host_does_not_start()
    {
        var stopped = Assert.ThrowsAsync<InvalidConfigurationException>(() =>
            new Settings().Without("POSTGRES_DB_HOST").With("PORT", "x").StartHost(CancellationToken.None)
        )!;

        Assert.That(stopped.Message, Does.Contain("2 setting(s)").And.Contain("POSTGRES_DB_HOST").And.Contain("PORT"));
    }

    [Test]
    public void A_host_with_valid_settings_starts() =>
        Assert.DoesNotThrowAsync(() => new Settings().StartHost(CancellationToken.None));

    [TestCase("PORT", "-1")]
    [TestCase("PORT", "3000.5")]
    [TestCase("PORT", "99999999999")]
    [TestCase("LISTEN_ADDRESS", "localhost")]
    [TestCase("LISTEN_ADDRESS", "127.0.0.1:3000")]
    [TestCase("LISTEN_ADDRESS", "3000")]
    [TestCase("BROKER_TYPE", "nats")]
    [TestCase("BROKER_TYPE", "1")]
    [TestCase("RABBITMQ_PREFETCH_COUNT", "0")]
    [TestCase("RABBITMQ_URL", "http://rabbitmq")]
    [TestCase("KAFKA_BROKERS", "kafka:port")]
    [TestCase("KAFKA_BROKERS", "http://kafka:9092")]
    [TestCase("KAFKA_BROKERS", ",")]
    [TestCase("KAFKA_SASL_MECHANISM", "gssapi")]
    [TestCase("KAFKA_SSL_ENABLED", "maybe")]
    [TestCase("KAFKA_PAGES_IN_WORK", "0")]
    [TestCase("KAFKA_PROPERTIES", "no value")]
    [TestCase("POSTGRES_SSLMODE", "enabled")]
    [TestCase("EVOAI_CRM_API_TOKEN", "first line\nsecond: line")]
    [TestCase("EVOAI_CRM_API_TOKEN", "“quoted”")]
    [TestCase("DISPATCH_RETRY_COUNT", "101")]
    [TestCase("DISPATCH_TIMEOUT_MS", "00:00:30")]
    [TestCase("CLAIM_CHUNK_SIZE", "1001")]
    [TestCase("SHUTDOWN_DRAIN_MS", "30000")]
    public void A_value_that_cannot_be_read_is_named(string variable, string value) =>
        Assert.That(
            new Settings().With(variable, value).Faults(),
            Is.Not.Empty.And.All.StartsWith($"{variable} (key {EnvironmentVariables.Named(variable).Key}): expected ")
        );

    [Test]
    public void Another_part_of_evo_flow_is_refused() =>
        Assert.That(
            new Settings().With("RUN_MODE", "campaign-packer").Faults(),
            Has.One.Contains("expected campaign-sender, the only one supported")
        );

    [Test]
    public void No_secret_is_shown()
    {
        var settings = new Settings()
            .With("RABBITMQ_URL", "http://user:s3cret@rabbitmq")
            .With("EVOAI_CRM_BASE_URL", "ftp://user:s3cret@crm")
            .With("POSTGRES_DB_PASSWORD", "s3cret")
            .With("POSTGRES_DB_PORT", "none");

        Assert.That(
            Assert.Throws<InvalidConfigurationException>(settings.Start)!.ToString(),
            Does.Not.Contain("s3cret")
        );
    }

    [Test]
    public void Only_the_chosen_broker_needs_its_address()
    {
        var kafka = new Settings().With("BROKER_TYPE", "kafka").Without("RABBITMQ_URL");

        Assert.That(kafka.Faults(), Has.Count.EqualTo(1).And.One.StartsWith("KAFKA_BROKERS "));
        Assert.DoesNotThrow(kafka.With("KAFKA_BROKERS", "kafka:9092").Start);
        Assert.That(
            new Settings().Without("RABBITMQ_URL").Faults(),
            Has.Count.EqualTo(1).And.One.StartsWith("RABBITMQ_URL ")
        );
    }

    [TestCase("no.such.property=1", "no.such.property")]
    [TestCase("session.timeout.ms=soon", "session.timeout.ms")]
    [TestCase("session.timeout.ms=60000;max.poll.interval.ms=50000", "max.poll.interval.ms")]
    [TestCase("dotnet.no.such.property=1", "dotnet.no.such.property")]
    [TestCase("compression.codec=best", "compression.codec")]
    [TestCase("security.protocol=ssl", "security.protocol")]
    [TestCase("linger.ms=1;acks=1", "acks")]
    [TestCase("enable.auto.commit=true", "enable.auto.commit")]
    [TestCase("group.instance.id=a", "group.instance.id")]
    [TestCase("metadata.broker.list=elsewhere:9092", "metadata.broker.list")]
    public void Properties_that_cannot_be_used_are_named(string properties, string named) =>
        Assert.That(
            new Settings()
                .With("BROKER_TYPE", "kafka")
                .With("KAFKA_BROKERS", "kafka:9092")
                .With("KAFKA_PROPERTIES", properties)
                .Faults(),
            Has.Count.EqualTo(1)
                .And.One.StartsWith("KAFKA_PROPERTIES (key Kafka:Properties): expected ")
                .And.One.Contains(named)
        );

    [Test]
    public void Properties_of_any_kind_of_client_are_accepted() =>
        Assert.DoesNotThrow(
            new Settings()
                .With("KAFKA_PROPERTIES", "session.timeout.ms=6000;linger.ms=1;client.rack=a;linger.ms=2")
                .Start
        );

    [Test]
    public void A_mechanism_needs_a_user_and_a_password()
    {
        var kafka = new Settings()
            .With("BROKER_TYPE", "kafka")
            .With("KAFKA_BROKERS", "kafka:9092")
            .With("KAFKA_SASL_MECHANISM", "plain");

        Assert.That(
            kafka.Faults(),
            Has.Count.EqualTo(2).And.One.StartsWith("KAFKA_SASL_USERNAME ").And.One.StartsWith("KAFKA_SASL_PASSWORD ")
        );
    }

    [Test]
    public void A_claim_outlives_its_dispatch() =>
        Assert.That(
            new Settings().With("CLAIM_TTL_MS", "30999").With("DISPATCH_TIMEOUT_MS", "30000").Faults(),
            Has.Count.EqualTo(1)
                .And.One.StartsWith("CLAIM_TTL_MS (key Claim:TimeToLive): expected at least a second more")
        );

    [Test]
    public void The_safety_stop_sees_as_many_failures_as_it_waits_for()
    {
        var settings = new Settings().With("SAFETY_STOP_WINDOW", "50").With("SAFETY_STOP_MIN_FAILURES", "51");

        Assert.That(
            settings.Faults(),
            Has.Count.EqualTo(1)
                .And.One.StartsWith("SAFETY_STOP_MIN_FAILURES (key Safety:MinFailures): expected at most")
        );
        Assert.DoesNotThrow(settings.With("SAFETY_STOP_SHARE_PERCENT", "0").Start, "it is switched off");
        Assert.DoesNotThrow(settings.With("SAFETY_STOP_MIN_FAILURES", "50").Start);
    }

    [Test]
    public void Variables_of_libraries_are_checked_too() =>
        Assert.That(
            new Settings().With("OTEL_EXPORTER_OTLP_ENDPOINT", "otel-collector:4317").Faults(),
            Has.Count.EqualTo(1).And.One.StartsWith("OTEL_EXPORTER_OTLP_ENDPOINT: expected an absolute url")
        );

    [Test]
    public void A_back_off_that_starts_above_its_cap_is_taken_as_the_old_sender_took_it() =>
        Assert.That(new Settings().With("DISPATCH_BACKOFF_BASE_MS", "60000").Start, Throws.Nothing);

    [Test]
    public void A_fault_that_two_rooms_depend_on_is_reported_once() =>
        Assert.That(new Settings().With("DISPATCH_TIMEOUT_MS", "0").Faults(), Has.Count.EqualTo(1));

    [Test]
    public void A_command_fails_only_for_what_it_needs()
    {
        var settings = new Settings().Without("EVOAI_CRM_BASE_URL").Without("RABBITMQ_URL").With("PORT", "x");

        Assert.DoesNotThrow(() => settings.Read<DatabaseOptions>());
        Assert.Throws<OptionsValidationException>(() => settings.Without("POSTGRES_DB_HOST").Read<DatabaseOptions>());
    }
}
