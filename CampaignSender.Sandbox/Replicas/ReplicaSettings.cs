using System.Globalization;
using Npgsql;

namespace CampaignSender.Sandbox.Replicas;

/// <summary>The environment that a replica runs in: what an operator would set.</summary>
internal sealed record ReplicaSettings
{
    /// <summary>What the developer's own shell may have set for the service or its runtime.</summary>
    public static IReadOnlyList<string> HiddenPrefixes { get; } =
    [
        "POSTGRES_",
        "RABBITMQ_",
        "KAFKA_",
        "BROKER_",
        "EVOAI_",
        "CRM_",
        "DISPATCH_",
        "CLAIM_",
        "CAMPAIGN_",
        "RATE_LIMITER_",
        "PAGE_",
        "PARKED_",
        "SAFETY_",
        "SHUTDOWN_",
        "Logging__",
        "OTEL_",
        "TRACE_",
        "ASPNETCORE_",
    ];

    public required int Port { get; init; }
    public required ReplicaBroker Broker { get; init; }
    public required string Database { get; init; }
    public required Uri Crm { get; init; }
    public required string CrmToken { get; init; }

    /// <summary>Further variables, which win over the others.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> ToEnvironment()
    {
        var database = new NpgsqlConnectionStringBuilder(Database);
        var environment = new Dictionary<string, string>
        {
            ["RUN_MODE"] = "campaign-sender",
            ["PORT"] = Port.ToString(CultureInfo.InvariantCulture),
            ["LISTEN_ADDRESS"] = "127.0.0.1",
            ["POSTGRES_DB_HOST"] = database.Host!,
            ["POSTGRES_DB_PORT"] = database.Port.ToString(CultureInfo.InvariantCulture),
            ["POSTGRES_DB_USERNAME"] = database.Username!,
            ["POSTGRES_DB_PASSWORD"] = database.Password ?? "",
            ["POSTGRES_DB_DATABASE"] = database.Database!,
            ["EVOAI_CRM_BASE_URL"] = Crm.AbsoluteUri,
            ["EVOAI_CRM_API_TOKEN"] = CrmToken,
            // As fast as it goes, unless a run wants it otherwise.
            ["RATE_LIMITER_REFILL_RATE"] = "0",
        };
        foreach (var (name, value) in Broker.Variables.Concat(Variables))
        {
            environment[name] = value;
        }

        return environment;
    }
}
