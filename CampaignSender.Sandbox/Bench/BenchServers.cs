using System.Text;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Stages;
using Dapper;
using Npgsql;

namespace CampaignSender.Sandbox.Bench;

/// <summary>The servers that it was measured with.</summary>
internal static class BenchServers
{
    /// <summary>Each with its version; PostgreSQL also with what it does against a power cut, which costs time.</summary>
    public static async Task<IReadOnlyList<string>> Describe(
        LocalServers servers,
        IEnumerable<BrokerKind> brokers,
        CancellationToken cancellationToken
    )
    {
        List<string> descriptions = [await Describe(servers.PostgreSql, cancellationToken)];
        foreach (var broker in brokers)
        {
            descriptions.Add(
                broker is BrokerKind.Kafka
                    ? Describe(servers.Kafka)
                    : await Describe(servers.RabbitMq, cancellationToken)
            );
        }

        return descriptions;
    }

    private static async Task<string> Describe(PostgreSqlServer server, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres"));
        await connection.OpenAsync(cancellationToken);
        var settings = await connection.ExecuteScalarAsync<string>(
            new CommandDefinition(
                """
                select string_agg(name || '=' || setting, ', ' order by name)
                from pg_settings
                where name in ('fsync', 'full_page_writes', 'synchronous_commit')
                """,
                cancellationToken: cancellationToken
            )
        );
        return $"PostgreSQL {connection.PostgreSqlVersion}, {settings}";
    }

    private static async Task<string> Describe(RabbitMqServer server, CancellationToken cancellationToken)
    {
        await using var connection = await server.Connect(cancellationToken);
        return $"RabbitMQ {Encoding.UTF8.GetString((byte[])connection.ServerProperties!["version"]!)}";
    }

    private static string Describe(KafkaServer server) =>
        server is RealKafka ? "Kafka" : "librdkafka's mock cluster for Kafka";
}
