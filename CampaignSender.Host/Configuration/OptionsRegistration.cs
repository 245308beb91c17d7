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
using CampaignSender.Host.Transport.Kafka;
using Microsoft.Extensions.Options;
using static CampaignSender.Host.Configuration.EnvironmentVariables;

namespace CampaignSender.Host.Configuration;

internal static class OptionsRegistration
{
    /// <summary>
    /// Binds the options of every room and checks them when the host starts, or one by one when a command asks for
    /// them. The start ends with one <see cref="InvalidConfigurationException"/> that lists all faults.
    /// </summary>
    public static IServiceCollection AddCampaignSenderOptions(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        services.AddSection<RunOptions>(configuration);
        services.AddSection<ShutdownOptions>(configuration);
        services.AddSection<TransportOptions>(configuration);
        services.AddSection<AttemptOptions>(configuration);
        services.AddSection<GateOptions>(configuration);
        services.AddSection<RateLimitOptions>(configuration);
        services.AddSection<ParkingOptions>(configuration);
        services
            .AddSection<SafetyOptions>(configuration)
            .Validate(
                safety => SafetyLimits.From(safety).CanBePassed,
                Named("SAFETY_STOP_MIN_FAILURES")
                    .Disagreeing(
                        "at most SAFETY_STOP_WINDOW (key Safety:Window)",
                        "Raise the window or lower the number of failures: more than the window holds are never seen."
                    )
            );
        services.AddSection<TraceOptions>(configuration);
        services.AddSingleton<IValidateOptions<TraceOptions>>(new LibraryVariableCheck(configuration));

        services
            .AddSection<RabbitMqOptions>(configuration)
            .Validate<IOptions<RunOptions>>(
                (rabbit, run) => run.Value.BrokerType != BrokerType.RabbitMq || rabbit.Url is not null,
                Named("RABBITMQ_URL").Missing("amqp://user:password@rabbitmq:5672")
            );

        services.AddSingleton<IValidateOptions<KafkaOptions>, KafkaPropertyCheck>();
        services
            .AddSection<KafkaOptions>(configuration)
            .Validate<IOptions<RunOptions>>(
                (kafka, run) => run.Value.BrokerType != BrokerType.Kafka || kafka.Brokers.Length > 0,
                Named("KAFKA_BROKERS").Missing("kafka-1:9092,kafka-2:9092")
            )
            .Validate<IOptions<RunOptions>>(
                (kafka, run) => !Authenticates(kafka, run.Value) || !string.IsNullOrEmpty(kafka.Username),
                Named("KAFKA_SASL_USERNAME").Missing("campaign-sender")
            )
            .Validate<IOptions<RunOptions>>(
                (kafka, run) => !Authenticates(kafka, run.Value) || !string.IsNullOrEmpty(kafka.Password),
                Named("KAFKA_SASL_PASSWORD").Missing("<password>")
            );

        services
            .AddSection<DatabaseOptions>(configuration)
            .Validate(database => database.Host.Length > 0, Named("POSTGRES_DB_HOST").Missing("postgres"))
            .Validate(database => database.Username.Length > 0, Named("POSTGRES_DB_USERNAME").Missing("evo"))
            .Validate(database => database.Database.Length > 0, Named("POSTGRES_DB_DATABASE").Missing("evo_campaign"));

        services
            .AddSection<CrmOptions>(configuration)
            .Validate(crm => crm.BaseUrl is not null, Named("EVOAI_CRM_BASE_URL").Missing("https://crm.example.com"))
            .Validate(crm => crm.ApiToken.Length > 0, Named("EVOAI_CRM_API_TOKEN").Missing("<token>"));

        services.AddSection<DispatchOptions>(configuration);

        services
            .AddSection<ClaimOptions>(configuration)
            .Validate<IOptions<DispatchOptions>>(
                (claim, dispatch) => claim.TimeToLive - dispatch.Value.Timeout >= ClaimOptions.LeastMargin,
                Named("CLAIM_TTL_MS")
                    .Disagreeing(
                        "at least a second more than DISPATCH_TIMEOUT_MS (key Dispatch:Timeout)",
                        "Raise the claim's time or lower the timeout: in what lies between, a contact is posted and its "
                            + "claim renewed."
                    )
            );

        return services.ReportFaultsTogether();
    }

    private static OptionsBuilder<TOptions> AddSection<TOptions>(
        this IServiceCollection services,
        IConfiguration configuration
    )
        where TOptions : class, IOptionsSection
    {
        services.AddSingleton<IConfigureOptions<TOptions>>(new SectionReader<TOptions>(configuration));
        return services.AddOptions<TOptions>().ValidateOnStart();
    }

    private static bool Authenticates(KafkaOptions kafka, RunOptions run) =>
        run.BrokerType == BrokerType.Kafka && kafka.SaslMechanism is not null;

    // ValidateOnStart has registered the framework's validator, which also serves the options of libraries: wrapped, not
    // replaced.
    private static IServiceCollection ReportFaultsTogether(this IServiceCollection services)
    {
        var registered = services.Last(service => service.ServiceType == typeof(IStartupValidator));
        services.Remove(registered);
        return services.AddTransient<IStartupValidator>(provider => new StartupCheck(
            (IStartupValidator)ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!)
        ));
    }
}
