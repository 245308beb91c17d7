using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Servers;
using Dapper;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Database;

/// <summary>Tests on a real database as evo-flow leaves it, with what the sender adds. Each brings campaigns of its own.</summary>
internal abstract class DatabaseTest
{
    private EvoFlowDatabase _database = null!;

    protected NpgsqlDataSource Source { get; private set; } = null!;

    protected CampaignRows Campaigns { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task CreateDatabase()
    {
        _database = await SharedServers.CreateMigratedDatabase(CancellationToken.None);
        Source = NpgsqlDataSource.Create(_database.ConnectionString);
        Campaigns = new CampaignRows(Source);
    }

    [OneTimeTearDown]
    public async Task DropDatabase()
    {
        await Source.DisposeAsync();
        await _database.Drop(CancellationToken.None);
    }

    /// <summary>A campaign that is sending, with a pending row of each contact.</summary>
    protected async Task<CampaignPlan> Insert(IReadOnlyList<Guid> contactIds, CancellationToken cancellationToken)
    {
        var plan = new CampaignPlan { ContactIds = contactIds };
        await Campaigns.Insert(plan, cancellationToken);
        return plan;
    }

    protected Task<CampaignPlan> Insert(int contacts, CancellationToken cancellationToken) =>
        Insert(CampaignPlan.NewContacts(contacts), cancellationToken);

    protected async Task Execute(string statement, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(statement, parameters, cancellationToken: cancellationToken)
        );
    }

    /// <summary>The statements that are executed in this database meanwhile.</summary>
    protected async Task<long> CountStatements(Func<Task> work, CancellationToken cancellationToken)
    {
        var server = await SharedServers.PostgreSql();
        await server.ResetStatementCount(_database.Name, cancellationToken);
        await work();
        return await server.StatementCount(_database.Name, cancellationToken);
    }
}
