using CampaignSender.Host.Database;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Tests.Servers;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Database;

internal sealed class When_a_database_is_migrated
{
    private const string Index = "campaign_sender_contacts_by_campaign";

    private static readonly string[] Scripts =
    [
        "001_evo_flow_tables.sql",
        "002_contact_claims.sql",
        "003_contacts_by_campaign_concurrently.sql",
        "004_parked_pages.sql",
        "005_outcomes_and_attempts.sql",
        "006_blame_of_attempts.sql",
        "007_inbox_limits.sql",
        "008_room_in_blocks.sql",
        "010_suppressions.sql",
        "011_safety_stop.sql",
        "012_sending_windows.sql",
        "013_quotas.sql",
        "014_former_contacts.sql",
        "015_emptied_campaigns.sql",
        "016_former_contacts_by_time_concurrently.sql",
        "017_former_contacts_stay.sql",
        "018_former_contacts_without_evo_flows_type.sql",
        "019_safety_stops_that_have_ended.sql",
        "020_looks_for_standstill.sql",
    ];

    private static readonly MigrationPatience Impatience = new()
    {
        LockTimeout = TimeSpan.FromMilliseconds(100),
        Attempts = 2,
        Pause = TimeSpan.FromMilliseconds(10),
        PollInterval = TimeSpan.FromMilliseconds(20),
    };

    private EvoFlowDatabase _database = null!;

    [SetUp]
    public async Task Create() => _database = await SharedServers.CreateDatabase(CancellationToken.None);

    [TearDown]
    public async Task Drop() => await _database.Drop(CancellationToken.None);

    [Test, CancelAfter(60_000)]
    public async Task An_empty_one_becomes_as_one_of_evo_flow_becomes(CancellationToken cancellationToken)
    {
        await Migrate(_database, cancellationToken);

        var evoFlow = await SharedServers.CreateDatabase(cancellationToken);
        await evoFlow.ApplyOldSchema(cancellationToken);
        await Migrate(evoFlow, cancellationToken);

        var expected = await Catalogue.Read(evoFlow.ConnectionString, cancellationToken);
        await evoFlow.Drop(cancellationToken);
        Assert.That(await Catalogue.Read(_database.ConnectionString, cancellationToken), Is.EqualTo(expected));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_running_one_only_gains(CancellationToken cancellationToken)
    {
        await Populate(cancellationToken);
        var before = await Catalogue.Read(_database.ConnectionString, cancellationToken);
        var files = await Catalogue.ReadFiles(_database.ConnectionString, cancellationToken);
        var rows = await Rows(cancellationToken);

        await Migrate(_database, cancellationToken);

        var after = await Catalogue.Read(_database.ConnectionString, cancellationToken);
        Assert.Multiple(async () =>
        {
            Assert.That(before.Except(after), Is.Empty, "changed or lost");
            Assert.That(after.Except(before).Where(line => !IsOurs(line)), Is.Empty, "added to evo-flow's own");
            Assert.That(
                await Catalogue.ReadFiles(_database.ConnectionString, cancellationToken),
                Is.EqualTo(files),
                "rewritten tables"
            );
            Assert.That(await Rows(cancellationToken), Is.EqualTo(rows), "rows as evo-flow reads them");
        });
    }

    [Test, CancelAfter(60_000)]
    public async Task What_evo_flow_writes_is_written_as_before(CancellationToken cancellationToken)
    {
        var plan = await Populate(cancellationToken);
        await Migrate(_database, cancellationToken);

        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await new CampaignRows(source).Insert(
            new CampaignPlan { ContactIds = [.. plan.ContactIds, .. plan.ContactIds] },
            cancellationToken
        );

        Assert.That(
            await Scalar<long>(
                "SELECT count(*) FROM campaigns_contacts WHERE claim_id IS NULL AND claim_attempts = 0",
                cancellationToken
            ),
            Is.EqualTo(3 * plan.ContactIds.Count)
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task A_second_time_nothing_happens(CancellationToken cancellationToken)
    {
        await Migrate(_database, cancellationToken);
        var before = await Catalogue.Read(_database.ConnectionString, cancellationToken);
        var journal = await Journal(cancellationToken);

        await Migrate(_database, cancellationToken);

        Assert.That(await Pending(cancellationToken), Is.Empty);
        Assert.That(await Catalogue.Read(_database.ConnectionString, cancellationToken), Is.EqualTo(before));
        Assert.That(await Journal(cancellationToken), Is.EqualTo(journal));
        Assert.That(journal, Is.EqualTo(Scripts));
    }

    [Test, CancelAfter(60_000)]
    public async Task Replicas_that_start_together_migrate_once(
        [Values] bool isEvoFlows,
        CancellationToken cancellationToken
    )
    {
        if (isEvoFlows)
        {
            await Populate(cancellationToken);
        }

        await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => Task.Run(() => Migrate(_database, cancellationToken), cancellationToken))
        );

        Assert.That(await Journal(cancellationToken), Is.EqualTo(Scripts));
        Assert.That(await IsValid(cancellationToken), Is.True);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_dry_run_names_what_is_pending_and_changes_nothing(CancellationToken cancellationToken)
    {
        await Populate(cancellationToken);
        var before = await Catalogue.Read(_database.ConnectionString, cancellationToken);

        Assert.That(await Pending(cancellationToken), Is.EqualTo(Scripts));
        Assert.That(await Catalogue.Read(_database.ConnectionString, cancellationToken), Is.EqualTo(before));
    }

    [Test, CancelAfter(60_000)]
    public async Task An_index_that_was_left_broken_is_built_again(CancellationToken cancellationToken)
    {
        await Populate(cancellationToken);
        // Duplicate rows make it fail half-way.
        Assert.That(
            () =>
                Execute(
                    $"CREATE UNIQUE INDEX CONCURRENTLY {Index} ON campaigns_contacts (campaign_id, contact_id)",
                    cancellationToken
                ),
            Throws.InstanceOf<PostgresException>().With.Property("SqlState").EqualTo("23505")
        );
        Assert.That(await IsValid(cancellationToken), Is.False);

        await Migrate(_database, cancellationToken);

        Assert.That(await IsValid(cancellationToken), Is.True);
        Assert.That(
            await Scalar<bool>(
                $"SELECT indisunique FROM pg_index WHERE indexrelid = '{Index}'::regclass",
                cancellationToken
            ),
            Is.False
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task A_build_that_is_broken_off_is_repaired_by_the_next_start(CancellationToken cancellationToken)
    {
        await Populate(cancellationToken);
        await using var longReader = await Begin("SELECT", cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var migrating = Migrate(_database, stop.Token);
        await Eventually.Holds(async () => await IsValid(CancellationToken.None) is false, cancellationToken);

        // Writers go on while the index waits for the reader.
        await Execute("INSERT INTO campaigns_contacts SELECT * FROM campaigns_contacts WHERE false", cancellationToken);
        await Execute("UPDATE campaigns_contacts SET batch_sequence = 1", cancellationToken);
        await stop.CancelAsync();
        Assert.That(() => migrating, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await IsValid(cancellationToken), Is.False, "left broken");
        await longReader.DisposeAsync();

        await Migrate(_database, cancellationToken);

        Assert.That(await IsValid(cancellationToken), Is.True);
        Assert.That(await Journal(cancellationToken), Is.EqualTo(Scripts));
    }

    [Test, CancelAfter(60_000), Platform("Linux")]
    public async Task A_network_that_forgets_its_connections_is_noticed_by_both_sides(
        CancellationToken cancellationToken
    )
    {
        await Populate(cancellationToken);
        await using var longReader = await Begin("SELECT", cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var migrating = Migrate(_database, stop.Token);
        await Eventually.Holds(async () => await IsValid(CancellationToken.None) is false, cancellationToken);
        var port = (await SharedServers.PostgreSql()).Port;

        Assume.That(KeepAliveTimers.FromPort(port), Is.Not.Empty, "the server is on this machine");
        Assert.That(KeepAliveTimers.ToPort(port), Has.Some.LessThanOrEqualTo(30), "the script's connection");
        Assert.That(KeepAliveTimers.FromPort(port), Has.Some.LessThanOrEqualTo(30), "PostgreSQL's, of the lock");
        await stop.CancelAsync();
        Assert.That(() => migrating, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test, CancelAfter(60_000)]
    public async Task A_table_that_is_busy_for_long_is_left_to_its_users(CancellationToken cancellationToken)
    {
        await Populate(cancellationToken);
        await using (var reader = await Begin("SELECT count(*) FROM campaigns_contacts", cancellationToken))
        {
            var failure = Assert.ThrowsAsync<MigrationFailedException>(() => Migrate(_database, cancellationToken))!;
            Assert.That(failure.Message, Does.Contain(Scripts[1]).And.Contain("2 attempts"));
            // Closing it does not wait until the server has let go of the table.
            await reader.ExecuteAsync("ROLLBACK");
        }

        await Migrate(_database, cancellationToken);

        Assert.That(await Journal(cancellationToken), Is.EqualTo(Scripts));
    }

    private static bool IsOurs(string line) =>
        line.Contains("campaign_sender_", StringComparison.Ordinal)
        || (
            line.StartsWith("column campaigns_contacts.", StringComparison.Ordinal)
            && (
                line.Contains("nullable YES, default none", StringComparison.Ordinal)
                || line.EndsWith("claim_attempts: int4, nullable NO, default 0", StringComparison.Ordinal)
            )
        );

    private static async Task Migrate(EvoFlowDatabase database, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await Migrator(database, source).Migrate(cancellationToken);
    }

    private async Task<IReadOnlyList<string>> Pending(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        return await Migrator(_database, source).Pending(cancellationToken);
    }

    private static DatabaseMigrator Migrator(EvoFlowDatabase database, NpgsqlDataSource source) =>
        new(database.ConnectionString, source, Impatience, TimeProvider.System, NullLogger<DatabaseMigrator>.Instance);

    /// <summary>evo-flow's database with rows in every table, three rows of each contact among them.</summary>
    private async Task<CampaignPlan> Populate(CancellationToken cancellationToken)
    {
        await _database.ApplyOldSchema(cancellationToken);
        var contacts = CampaignPlan.NewContacts(20);
        var plan = new CampaignPlan { ContactIds = [.. contacts, .. contacts, .. contacts] };
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await new CampaignRows(source).Insert(plan, cancellationToken);
        await Execute(
            """
            UPDATE campaigns_contacts SET status = 'SENT', sent_at = now() WHERE ctid IN (
                SELECT ctid FROM campaigns_contacts LIMIT 10
            );
            INSERT INTO campaigns_templates (campaign_id, message_template_id)
                SELECT id, gen_random_uuid() FROM campaigns;
            INSERT INTO campaign_tracked_pages (campaign_id, page, sent_count) SELECT id, 1, 10 FROM campaigns;
            """,
            cancellationToken
        );
        return plan;
    }

    /// <summary>All rows, in the columns that evo-flow knows.</summary>
    private async Task<IReadOnlyList<string>> Rows(CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        var rows = await connection.QueryAsync<string>(
            new CommandDefinition(
                """
                SELECT campaigns::text FROM campaigns
                UNION ALL
                SELECT row(id, campaign_id, contact_id, sent_at, status, batch_sequence, created_at, ctid, xmin)::text
                FROM campaigns_contacts
                UNION ALL
                SELECT campaigns_templates::text FROM campaigns_templates
                UNION ALL
                SELECT campaign_tracked_pages::text FROM campaign_tracked_pages
                """,
                cancellationToken: cancellationToken
            )
        );
        return [.. rows.Order(StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<string>> Journal(CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        var scripts = await connection.QueryAsync<string>(
            $"SELECT scriptname FROM {MigrationJournal.Table} ORDER BY schemaversionsid"
        );
        return scripts.AsList();
    }

    /// <summary>Whether our index is whole; null where there is none.</summary>
    private Task<bool?> IsValid(CancellationToken cancellationToken) =>
        Scalar<bool?>($"SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{Index}')", cancellationToken);

    /// <summary>A transaction that stays open after its first statement, with its locks and its snapshot.</summary>
    private async Task<NpgsqlConnection> Begin(string statement, CancellationToken cancellationToken)
    {
        var connection = await Open(cancellationToken);
        await connection.ExecuteAsync($"BEGIN ISOLATION LEVEL REPEATABLE READ; {statement}");
        return connection;
    }

    private async Task Execute(string statement, CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(statement, cancellationToken: cancellationToken));
    }

    private async Task<T?> Scalar<T>(string statement, CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        return await connection.ExecuteScalarAsync<T>(
            new CommandDefinition(statement, cancellationToken: cancellationToken)
        );
    }

    private async Task<NpgsqlConnection> Open(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
