using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Reckonings;
using CampaignSender.Sandbox.Replicas;
using CampaignSender.Sandbox.Servers;
using Npgsql;

namespace CampaignSender.Sandbox.Stages;

/// <summary>
/// Everything that a run needs: servers as the old sender leaves them, a simulated CRM, and replicas of the published
/// service that are ready. All of it ends with this object.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started;
    private readonly ReplicaBroker _replicaBroker;
    private readonly List<Replica> _replicas = [];

    private Stage(Stack<IAsyncDisposable> started, ReplicaBroker replicaBroker)
    {
        _started = started;
        _replicaBroker = replicaBroker;
    }

    public required LocalServers Servers { get; init; }
    public required SimulatedCrm Crm { get; init; }
    public required EvoFlowDatabase Database { get; init; }
    public required CampaignRows Rows { get; init; }
    public required ICampaignBroker Broker { get; init; }
    public required TrackedReports Reports { get; init; }
    public required Reckoner Reckoner { get; init; }

    public IReadOnlyList<Replica> Replicas => _replicas;

    public static async Task<Stage> Set(StageOptions options, IServerLog log, CancellationToken cancellationToken)
    {
        if (!File.Exists(options.HostAssembly))
        {
            throw new FileNotFoundException(
                $"The published service is missing: {options.HostAssembly}. Publish it with "
                    + "'dotnet publish CampaignSender.Host -c Release', or name it with --host."
            );
        }

        var started = new Stack<IAsyncDisposable>();
        try
        {
            var stage = await Set(options, log, started, cancellationToken);
            for (var number = 1; number <= options.Replicas; number++)
            {
                var replica = await Replica.Start(options.HostAssembly, stage.Settings(options), cancellationToken);
                started.Push(replica);
                stage._replicas.Add(replica);
                log.Say($"CampaignSender: replica {number} consumes, {replica.Address}metrics");
            }

            return stage;
        }
        catch
        {
            await End(started);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await End(_started);

    private static async Task<Stage> Set(
        StageOptions options,
        IServerLog log,
        Stack<IAsyncDisposable> started,
        CancellationToken cancellationToken
    )
    {
        var servers = Add(
            await LocalServers.Start(
                ServerNeeds.PostgreSql | StageBroker.Needs(options.Broker) | options.Needs,
                log,
                cancellationToken
            )
        );
        var crm = Add(await SimulatedCrm.Start(options.Crm, cancellationToken));
        log.Say($"CRM: simulated, on {crm.BaseUrl.Authority}");

        var database = await servers.PostgreSql.CreateDatabase("evo_campaign", cancellationToken);
        await database.ApplyOldSchema(cancellationToken);
        var broker = await StageBroker.Prepare(options.Broker, servers, cancellationToken);
        Add(broker.Campaigns);

        var source = Add(NpgsqlDataSource.Create(database.ConnectionString));
        var rows = new CampaignRows(source);
        return new Stage(started, broker.Replicas)
        {
            Servers = servers,
            Crm = crm,
            Database = database,
            Rows = rows,
            Broker = broker.Campaigns,
            Reports = await broker.Campaigns.ListenToReports(cancellationToken),
            Reckoner = new Reckoner(
                rows,
                broker.Campaigns,
                campaignId => crm.Messages(campaignId).Select(message => message.ContactId)
            ),
        };

        T Add<T>(T resource)
            where T : IAsyncDisposable
        {
            started.Push(resource);
            return resource;
        }
    }

    private ReplicaSettings Settings(StageOptions options) =>
        new()
        {
            Port = FreePort.Pick(),
            Broker = _replicaBroker,
            Database = Database.ConnectionString,
            Crm = Crm.BaseUrl,
            CrmToken = Crm.Token,
            Variables = options.Variables,
        };

    private static async Task End(Stack<IAsyncDisposable> started)
    {
        while (started.TryPop(out var resource))
        {
            await resource.DisposeAsync();
        }
    }
}
