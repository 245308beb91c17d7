using Dapper;
using Npgsql;

namespace CampaignSender.Sandbox.Servers;

/// <summary>A database that plays evo-flow's.</summary>
internal sealed class EvoFlowDatabase(string name, PostgreSqlAddress address)
{
    public string Name => name;

    public string ConnectionString => address.ConnectionString(name);

    internal string QuotedName => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Creates the tables as evo-flow's own migrations leave them.</summary>
    public async Task ApplyOldSchema(CancellationToken cancellationToken)
    {
        await using var resource =
            typeof(EvoFlowDatabase).Assembly.GetManifestResourceStream(typeof(EvoFlowDatabase), "evo-flow-schema.sql")
            ?? throw new InvalidOperationException("evo-flow-schema.sql is not embedded.");
        using var reader = new StreamReader(resource);
        var script = await reader.ReadToEndAsync(cancellationToken);
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(script, cancellationToken: cancellationToken));
        // The script brings a type, which connections that follow shall know.
        await connection.ReloadTypesAsync(cancellationToken);
    }

    /// <summary>Ends all sessions and deletes the database.</summary>
    public async Task Drop(CancellationToken cancellationToken)
    {
        await using var connection = await address.Open(cancellationToken);
        await using var pooled = new NpgsqlConnection(ConnectionString);
        NpgsqlConnection.ClearPool(pooled);
        await connection.ExecuteAsync(
            new CommandDefinition(
                $"drop database if exists {QuotedName} with (force)",
                cancellationToken: cancellationToken
            )
        );
    }
}
