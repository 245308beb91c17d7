using System.Globalization;
using System.Runtime.InteropServices;
using CampaignSender.Contracts;
using CampaignSender.Host.Configuration;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Replicas;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Stages;
using CampaignSender.Tests.Servers;
using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>
/// One test's world: a database of its own as evo-flow leaves it, empty queues as the old sender leaves them, a CRM that
/// knows everybody, and any number of replicas.
/// </summary>
internal sealed class Scene : IAsyncDisposable
{
    private readonly SceneDatabase _database;
    private readonly SceneBroker _broker;
    private readonly List<RunningReplica> _replicas = [];
    private int _round;
    private bool _isAcknowledgementExpected;

    private Scene(SceneDatabase database, SceneBroker broker)
    {
        _database = database;
        _broker = broker;
        Rows = new CampaignRows(database.Source);
    }

    /// <summary>
    /// The service for those that run it as a process: as it is published, where the build says so, for that starts in a
    /// third of the time, else as it is built.
    /// </summary>
    public static string HostAssembly { get; } =
        Environment.GetEnvironmentVariable("CAMPAIGN_SENDER_TEST_HOST") ?? BuiltHost();

    public NpgsqlDataSource Source => _database.Source;
    public CampaignRows Rows { get; }
    public required SimulatedCrm Crm { get; init; }
    public ICampaignBroker Broker => _broker.Campaigns;

    /// <summary>Null with RabbitMQ.</summary>
    public KafkaServer? Kafka => _broker.Kafka;

    public required TrackedReports Reports { get; init; }

    private static string BuiltHost()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
        return Path.Combine(
            AppContext.BaseDirectory,
            "../../CampaignSender.Host",
            $"{configuration}_linux-{architecture}",
            "CampaignSender.Host.dll"
        );
    }

    public static async Task<Scene> Set(
        BrokerKind kind,
        bool isMigrated,
        SimulatedCrmOptions crm,
        CancellationToken cancellationToken
    )
    {
        var broker = await SceneBroker.Prepare(kind, cancellationToken);
        var database = isMigrated
            ? await SceneDatabase.Migrated(cancellationToken)
            : await SceneDatabase.Old(cancellationToken);
        return new Scene(database, broker)
        {
            Crm = await SimulatedCrm.Start(crm, cancellationToken),
            Reports = await broker.Campaigns.ListenToReports(cancellationToken),
        };
    }

    /// <summary>Settings of a replica with waits that suit a test.</summary>
    public Dictionary<string, string?> Settings(params (string Key, string? Value)[] overrides)
    {
        var database = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        var settings = new Dictionary<string, string?>(_broker.Settings)
        {
            ["Run:Port"] = "0",
            ["Run:ListenAddress"] = "127.0.0.1",
            ["Database:Host"] = database.Host,
            ["Database:Port"] = database.Port.ToString(CultureInfo.InvariantCulture),
            ["Database:Username"] = database.Username,
            ["Database:Password"] = database.Password,
            ["Database:Database"] = database.Database,
            ["Crm:BaseUrl"] = Crm.BaseUrl.AbsoluteUri,
            ["Crm:ApiToken"] = Crm.Token,
            ["Dispatch:BackoffBase"] = "00:00:00.020",
            ["Dispatch:BackoffCap"] = "00:00:00.100",
            ["Dispatch:Timeout"] = "00:00:02",
            ["Dispatch:SettleTime"] = "00:00:00.500",
            ["Claim:TimeToLive"] = "00:00:05",
            ["Parking:PollInterval"] = "00:00:00.100",
            ["Parking:RetryDelay"] = "00:00:00.200",
            ["Transport:LagPollInterval"] = "00:00:00.200",
            ["RateLimit:RefillRate"] = "0",
            ["Shutdown:DrainTimeout"] = "00:00:10",
        };
        foreach (var (key, value) in overrides)
        {
            settings[key] = value;
        }

        return settings;
    }

    /// <summary>What a command has, with the settings of a replica.</summary>
    public ServiceProvider CommandServices(
        Action<IServiceCollection, IConfiguration> add,
        params (string Key, string? Value)[] overrides
    )
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings(overrides)).Build();
        var services = new ServiceCollection().AddLogging().AddCampaignSenderOptions(configuration);
        add(services, configuration);
        return services.BuildServiceProvider();
    }

    /// <summary>Settings of a replica that is a process of its own.</summary>
    public ReplicaSettings ProcessSettings() =>
        new()
        {
            Port = FreePort.Pick(),
            Broker = _broker.Replicas,
            Database = _database.ConnectionString,
            Crm = Crm.BaseUrl,
            CrmToken = Crm.Token,
        };

    public Task<RunningReplica> StartReplica(
        CancellationToken cancellationToken,
        params (string Key, string? Value)[] overrides
    ) => StartReplica(TimeProvider.System, cancellationToken, overrides);

    /// <summary>Starts one that waits for as long as a post is held.</summary>
    public Task<RunningReplica> StartPatientReplica(
        CancellationToken cancellationToken,
        params (string Key, string? Value)[] overrides
    ) =>
        StartReplica(
            cancellationToken,
            [("Dispatch:Timeout", "00:00:30"), ("Claim:TimeToLive", "00:00:40"), .. overrides]
        );

    /// <summary>Starts one that goes by this clock.</summary>
    public async Task<RunningReplica> StartReplica(
        TimeProvider time,
        CancellationToken cancellationToken,
        params (string Key, string? Value)[] overrides
    )
    {
        var replica = await RunningReplica.Start(Settings(overrides), cancellationToken, time);
        _replicas.Add(replica);
        return replica;
    }

    /// <summary>Prepares a campaign in database and CRM.</summary>
    public async Task<CampaignPlan> Prepare(CampaignPlan plan, CancellationToken cancellationToken)
    {
        Crm.Add(plan);
        await Rows.Insert(plan, cancellationToken);
        return plan;
    }

    public async Task Publish(CampaignPlan plan, CancellationToken cancellationToken)
    {
        foreach (var page in plan.Pages())
        {
            await Broker.Publish(page, cancellationToken);
        }
    }

    /// <summary>
    /// Publishes the page twice, so that replicas with one page in work each get one of the two: with Kafka, on partitions
    /// of different replicas.
    /// </summary>
    public async Task PublishTwice(CampaignPlan plan, CancellationToken cancellationToken)
    {
        var body = MessageWriter.Write(plan.Pages().Single());
        if (Broker is KafkaCampaignBroker kafka)
        {
            // The assignor gives the replicas their partitions in blocks or by turns; over the rounds both happen to differ.
            await Task.WhenAll(
                kafka.Publish(Topics.Send, _round % OldSenderTopics.PagePartitions, body, cancellationToken),
                kafka.Publish(Topics.Send, (_round + 7) % OldSenderTopics.PagePartitions, body, cancellationToken)
            );
            _round++;
            return;
        }

        await Task.WhenAll(
            Broker.Publish(Topics.Send, body, cancellationToken),
            Broker.Publish(Topics.Send, body, cancellationToken)
        );
    }

    /// <summary>Waits until every replica has its share of the partitions; RabbitMQ shares by itself.</summary>
    public async Task WaitForBalance(CancellationToken cancellationToken)
    {
        foreach (var replica in _broker.Kafka is null ? [] : _replicas)
        {
            await Metrics.WaitFor(
                replica.Http,
                metrics =>
                    metrics.Sum("campaign_sender_consumer_partitions", "")
                    == OldSenderTopics.PagePartitions / _replicas.Count,
                cancellationToken
            );
        }
    }

    /// <summary>
    /// Pages that nobody had acknowledged when all replicas had ended, if a test has waited for acknowledgement: RabbitMQ does
    /// not count what it has delivered.
    /// </summary>
    public long Unacknowledged { get; private set; }

    /// <summary>Waits until the broker has no page left: all are acknowledged, with Kafka committed.</summary>
    public async Task WaitForAcknowledgement(CancellationToken cancellationToken)
    {
        _isAcknowledgementExpected = true;
        await Eventually.Holds(async () => await Broker.CountWaitingPages(cancellationToken) == 0, cancellationToken);
    }

    /// <summary>Pauses, stops or resumes as evo-flow's REST API does: the row first, the message then.</summary>
    public async Task Order(CampaignPlan plan, ControlAction action, CancellationToken cancellationToken)
    {
        var status = action switch
        {
            ControlAction.Pause => CampaignRows.Paused,
            ControlAction.Stop => CampaignRows.Stopped,
            _ => CampaignRows.Sending,
        };
        await Rows.SetStatus(plan.CampaignId, status, cancellationToken);
        await Broker.Publish(plan.CampaignId, action, cancellationToken);
    }

    public Task WaitForReports(CampaignPlan plan, CancellationToken cancellationToken) =>
        Reports.WaitForPages(plan.CampaignId, plan.PageCount, cancellationToken);

    /// <summary>Waits until no contact of the campaign is pending.</summary>
    public async Task WaitUntilSettled(CampaignPlan plan, CancellationToken cancellationToken)
    {
        await Eventually.Holds(
            async () => (await Rows.Count(plan.CampaignId, cancellationToken)).Pending == 0,
            cancellationToken
        );
    }

    /// <summary>Waits until all of the campaign's pages are parked, and nothing else is.</summary>
    public async Task WaitForParked(CampaignPlan plan, CancellationToken cancellationToken)
    {
        await Eventually.Holds(
            async () => await Rows.CountParked(cancellationToken) >= plan.PageCount,
            cancellationToken
        );
    }

    /// <summary>The time passes for parked pages.</summary>
    public async Task AdvanceParked(TimeSpan time, CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            "UPDATE campaign_sender_parked_pages SET redrive_at = redrive_at - @time",
            new { time }
        );
    }

    /// <summary>Contacts of the campaign by the number of messages that the CRM holds of each.</summary>
    public Dictionary<Guid, int> MessagesByContact(CampaignPlan plan) =>
        Crm.Messages(plan.CampaignId).CountBy(message => message.ContactId).ToDictionary();

    public async Task<long> CountClaims(CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM campaigns_contacts WHERE claim_id IS NOT NULL"
        );
    }

    /// <summary>Why the sender has paused the campaign by itself, each time.</summary>
    public async Task<IReadOnlyList<string>> SafetyStops(CampaignPlan plan, CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        var reasons = await connection.QueryAsync<string>(
            "SELECT reason FROM campaign_sender_safety_stops WHERE campaign_id = @campaignId",
            new { campaignId = plan.CampaignId }
        );
        return reasons.AsList();
    }

    /// <summary>Statements in this scene's database so far.</summary>
    public async Task<long> CountStatements(CancellationToken cancellationToken) =>
        await (await SharedServers.PostgreSql()).StatementCount(_database.Name, cancellationToken);

    /// <summary>Those among them that name this table.</summary>
    public async Task<long> CountStatements(string table, CancellationToken cancellationToken)
    {
        var costs = await (await SharedServers.PostgreSql()).StatementCosts(_database.Name, cancellationToken);
        return costs.Where(cost => cost.Text.Contains(table, StringComparison.Ordinal)).Sum(cost => cost.Calls);
    }

    public async Task AssertEverybodyGotOne(CampaignPlan plan, CancellationToken cancellationToken)
    {
        var counts = await Rows.Count(plan.CampaignId, cancellationToken);
        var messages = MessagesByContact(plan);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(counts, Is.EqualTo(new ContactCounts(plan.ContactIds.Distinct().Count(), 0, 0, 0)));
            Assert.That(messages.Keys, Is.EquivalentTo(plan.ContactIds.Distinct()));
            Assert.That(messages.Values, Is.All.EqualTo(1), "messages per contact");
        }
    }

    /// <summary>How far it came, and what each replica has logged.</summary>
    public void WriteLogs(TextWriter output)
    {
        output.WriteLine($"--- {Crm.PostCount} messages posted, {Reports.All.Count} reports received");
        foreach (var (number, replica) in _replicas.Index())
        {
            output.WriteLine($"--- replica {number + 1}");
            foreach (var line in replica.Log.All)
            {
                output.WriteLine(line);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_replicas.Select(replica => replica.DisposeAsync().AsTask()));
        try
        {
            if (_isAcknowledgementExpected)
            {
                Unacknowledged = await Broker.CountWaitingPages(CancellationToken.None);
            }
        }
        finally
        {
            await _broker.DisposeAsync();
            await Crm.DisposeAsync();
            await _database.DisposeAsync();
        }
    }
}
