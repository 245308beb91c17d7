using Dapper;

namespace CampaignSender.Sandbox.Servers;

/// <summary>A PostgreSQL server to create databases on.</summary>
internal sealed class PostgreSqlServer(PostgreSqlAddress address, IRunningServer running) : LocalServer(running)
{
    private readonly StatementStatistics _statistics = new(address);
    private readonly StatementPlans _plans = new(address);

    public string Host => address.Host;

    public int Port => address.Port;

    public string UserName => address.UserName;

    public string Password => address.Password;

    public string ConnectionString(string database) => address.ConnectionString(database);

    /// <summary>Creates an empty database. One of that name must not exist: it could be somebody's.</summary>
    public Task<EvoFlowDatabase> CreateDatabase(string name, CancellationToken cancellationToken) =>
        Create(new EvoFlowDatabase(name, address), "template1", cancellationToken);

    /// <summary>Creates a copy of a database that nobody is connected to.</summary>
    public Task<EvoFlowDatabase> CopyDatabase(
        EvoFlowDatabase original,
        string name,
        CancellationToken cancellationToken
    ) => Create(new EvoFlowDatabase(name, address), original.QuotedName, cancellationToken);

    /// <inheritdoc cref="StatementStatistics.Count"/>
    public Task<long> StatementCount(string database, CancellationToken cancellationToken) =>
        _statistics.Count(database, cancellationToken);

    /// <inheritdoc cref="StatementStatistics.Reset"/>
    public Task ResetStatementCount(string database, CancellationToken cancellationToken) =>
        _statistics.Reset(database, cancellationToken);

    /// <inheritdoc cref="StatementStatistics.Costs"/>
    public Task<IReadOnlyList<StatementCost>> StatementCosts(string database, CancellationToken cancellationToken) =>
        _statistics.Costs(database, cancellationToken);

    /// <inheritdoc cref="StatementPlans.TryLog"/>
    public Task<bool> TryLogPlans(CancellationToken cancellationToken) => _plans.TryLog(cancellationToken);

    /// <inheritdoc cref="StatementPlans.Read(CancellationToken)"/>
    public Task<IReadOnlyList<StatementPlan>> Plans(CancellationToken cancellationToken) =>
        _plans.Read(cancellationToken);

    /// <summary>The bytes that it has ever written to its write-ahead log, for all databases.</summary>
    public async Task<long> WalBytes(CancellationToken cancellationToken)
    {
        await using var connection = await address.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint",
                cancellationToken: cancellationToken
            )
        );
    }

    private async Task<EvoFlowDatabase> Create(
        EvoFlowDatabase database,
        string template,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await address.Open(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                $"create database {database.QuotedName} template {template}",
                cancellationToken: cancellationToken
            )
        );
        return database;
    }
}
