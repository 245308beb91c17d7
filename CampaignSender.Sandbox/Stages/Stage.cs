using System.Net;
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
    private readonly List<Replica> _replicas = [];
    private readonly List<NetworkLink> _links = [];

    private Stage(Stack<IAsyncDisposable> started) => _started = started;

    public required LocalServers Servers { get; init; }
    public required SimulatedCrm Crm { get; init; }
    public required EvoFlowDatabase Database { get; init; }
    public required CampaignRows Rows { get; init; }
    public required ICampaignBroker Broker { get; init; }

    /// <summary>The same broker as the replicas know it.</summary>
    public required ReplicaBroker ReplicaBroker { get; init; }

    public required TrackedReports Reports { get; init; }
    public required Reckoner Reckoner { get; init; }

    public IReadOnlyList<Replica> Replicas => _replicas;

    /// <summary>Each replica's own way to PostgreSQL, in their order; empty unless the options want them.</summary>
    public IReadOnlyList<NetworkLink> Links => _links;

    /// <summary>With servers and a CRM of its own.</summary>
    public static async Task<Stage> Set(StageOptions options, IServerLog log, CancellationToken cancellationToken)
    {
        var started = new Stack<IAsyncDisposable>();
        try
        {
            var needs = ServerNeeds.PostgreSql | StageBroker.Needs(options.Broker) | options.Needs;
            var servers = await LocalServers.Start(needs, log, cancellationToken);
            started.Push(servers);
            var crm = await SimulatedCrm.Start(options.Crm, cancellationToken);
            started.Push(crm);
            log.Say($"CRM: simulated, on {crm.BaseUrl.Authority}");
            return await Set(options, servers, crm, started, log, cancellationToken);
        }
        catch
        {
            await End(started);
            throw;
        }
    }

    /// <summary>With servers and a CRM that outlive it; its database stays behind.</summary>
    public static async Task<Stage> Set(
        StageOptions options,
        LocalServers servers,
        SimulatedCrm crm,
        IServerLog log,
        CancellationToken cancellationToken
    )
    {
        var started = new Stack<IAsyncDisposable>();
        try
        {
            return await Set(options, servers, crm, started, log, cancellationToken);
        }
        catch
        {
            await End(started);
            throw;
        }
    }

    /// <summary>Makes a campaign known to the database and to the CRM.</summary>
    public async Task<CampaignPlan> Prepare(CampaignPlan plan, CancellationToken cancellationToken)
    {
        Crm.Add(plan);
        await Rows.Insert(plan, cancellationToken);
        return plan;
    }

    /// <summary>Waits until all pages are reported. A run that does not come to its end is reckoned as it stands.</summary>
    public async Task WaitForReports(
        IEnumerable<CampaignPlan> plans,
        TimeSpan patience,
        IServerLog log,
        CancellationToken cancellationToken
    )
    {
        using var late = new CancellationTokenSource(patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            foreach (var plan in plans)
            {
                await Reports.WaitForPages(plan.CampaignId, plan.PageCount, either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            log.Say($"Not all pages were reported in {patience.TotalSeconds:N0} s");
        }
    }

    public async ValueTask DisposeAsync() => await End(_started);

    private static async Task<Stage> Set(
        StageOptions options,
        LocalServers servers,
        SimulatedCrm crm,
        Stack<IAsyncDisposable> started,
        IServerLog log,
        CancellationToken cancellationToken
    )
    {
        var database = await servers.PostgreSql.CreateDatabase("evo_campaign", cancellationToken);
        await database.ApplyOldSchema(cancellationToken);
        var broker = await StageBroker.Prepare(options.Broker, servers, cancellationToken);
        started.Push(broker.Campaigns);
        var source = NpgsqlDataSource.Create(database.ConnectionString);
        started.Push(source);
        var rows = new CampaignRows(source);
        var stage = new Stage(started)
        {
            Servers = servers,
            Crm = crm,
            Database = database,
            Rows = rows,
            Broker = broker.Campaigns,
            ReplicaBroker = broker.Replicas,
            Reports = await broker.Campaigns.ListenToReports(cancellationToken),
            Reckoner = new Reckoner(
                rows,
                broker.Campaigns,
                campaignId => crm.Messages(campaignId).Select(message => message.ContactId)
            ),
        };
        for (var number = 1; number <= options.Replicas; number++)
        {
            var settings = stage.Settings(options);
            if (options.HasLinks)
            {
                settings = settings with { Database = stage.Link(settings.Database) };
            }

            var replica = await Replica.Start(options.HostAssembly, settings, cancellationToken);
            started.Push(replica);
            stage._replicas.Add(replica);
            log.Say(
                $"CampaignSender: replica {number} consumes after {replica.StartTime.TotalSeconds:0.0} s, {replica.Address}metrics"
            );
        }

        return stage;
    }

    /// <summary>The same database, by a link.</summary>
    private string Link(string database)
    {
        var address = new NpgsqlConnectionStringBuilder(database);
        var link = new NetworkLink(address.Host!, address.Port);
        _started.Push(link);
        _links.Add(link);
        address.Host = IPAddress.Loopback.ToString();
        address.Port = link.Port;
        return address.ConnectionString;
    }

    private ReplicaSettings Settings(StageOptions options) =>
        new()
        {
            Port = FreePort.Pick(),
            Broker = ReplicaBroker,
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
