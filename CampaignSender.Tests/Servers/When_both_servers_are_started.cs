using System.Globalization;
using CampaignSender.Contracts;
using CampaignSender.Sandbox.Servers;
using Dapper;
using Npgsql;
using NUnit.Framework;
using RabbitMQ.Client;

namespace CampaignSender.Tests.Servers;

public sealed class When_both_servers_are_started
{
    private LocalServers _servers = null!;

    [OneTimeSetUp]
    public async Task Start() =>
        _servers = await LocalServers.Start(ServerNeeds.Both, new TestServerLog(), CancellationToken.None);

    [OneTimeTearDown]
    public async Task Stop() => await _servers.DisposeAsync();

    [Test, CancelAfter(60_000)]
    public async Task A_database_takes_the_schema_of_evo_flow(CancellationToken cancellationToken)
    {
        var database = await _servers.PostgreSql.CreateDatabase("evo \"flow\"", cancellationToken);
        await database.ApplyOldSchema(cancellationToken);

        await using (var connection = new NpgsqlConnection(database.ConnectionString))
        {
            var tables = await connection.QueryAsync<string>(
                "select table_name from information_schema.tables where table_schema = 'public'"
            );
            Assert.That(
                tables,
                Is.EquivalentTo(["campaigns", "campaigns_contacts", "campaigns_templates", "campaign_tracked_pages"])
            );
        }

        await database.Drop(cancellationToken);
        Assert.That(
            () => database.ApplyOldSchema(cancellationToken),
            Throws.InstanceOf<PostgresException>().With.Property("SqlState").EqualTo("3D000")
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task A_database_that_exists_is_not_taken_over(CancellationToken cancellationToken)
    {
        var database = await _servers.PostgreSql.CreateDatabase("taken", cancellationToken);

        Assert.That(
            () => _servers.PostgreSql.CreateDatabase("taken", cancellationToken),
            Throws.InstanceOf<PostgresException>().With.Property("SqlState").EqualTo("42P04")
        );
        await database.Drop(cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task The_statements_of_one_database_are_counted(CancellationToken cancellationToken)
    {
        var database = await _servers.PostgreSql.CreateDatabase("counted", cancellationToken);
        var other = await _servers.PostgreSql.CreateDatabase("uncounted", cancellationToken);
        await _servers.PostgreSql.ResetStatementCount("counted", cancellationToken);
        await using var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        var atFirst = await _servers.PostgreSql.StatementCount("counted", cancellationToken);

        for (var number = 0; number < 7; number++)
        {
            await connection.ExecuteAsync("select @number", new { number });
        }

        await other.ApplyOldSchema(cancellationToken);
        Assert.That(await _servers.PostgreSql.StatementCount("counted", cancellationToken) - atFirst, Is.EqualTo(7));
        await _servers.PostgreSql.ResetStatementCount("counted", cancellationToken);
        Assert.That(await _servers.PostgreSql.StatementCount("counted", cancellationToken), Is.Zero);
    }

    [Test, CancelAfter(10_000)]
    public void A_wrong_password_opens_nothing(CancellationToken cancellationToken)
    {
        var address = new NpgsqlConnectionStringBuilder(_servers.PostgreSql.ConnectionString("postgres"))
        {
            Password = "guessed",
        };

        Assert.That(
            async () =>
            {
                await using var connection = new NpgsqlConnection(address.ConnectionString);
                await connection.OpenAsync(cancellationToken);
            },
            Throws.InstanceOf<PostgresException>().With.Property("SqlState").EqualTo("28P01")
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task The_old_senders_topology_carries_a_page_to_its_queue(CancellationToken cancellationToken)
    {
        await OldSenderTopology.Declare(_servers.RabbitMq.Url, cancellationToken);
        await using var connection = await _servers.RabbitMq.Connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            cancellationToken
        );

        await channel.BasicPublishAsync(Topics.Send, Topics.Send, mandatory: true, "{}"u8.ToArray(), cancellationToken);
        await channel.BasicPublishAsync(
            Topics.Control,
            Topics.Control,
            mandatory: true,
            "{}"u8.ToArray(),
            cancellationToken
        );

        Assert.Multiple(() =>
        {
            Assert.That(async () => await channel.MessageCountAsync(Queues.Send, cancellationToken), Is.EqualTo(1));
            Assert.That(
                async () => await channel.MessageCountAsync(OldSenderTopology.ControlQueue, cancellationToken),
                Is.EqualTo(1)
            );
        });
        await channel.ExchangeDeclarePassiveAsync(Topics.Tracked, cancellationToken);
        await channel.ExchangeDeclarePassiveAsync(Topics.Pack, cancellationToken);
        await OldSenderTopology.Declare(_servers.RabbitMq.Url, cancellationToken);
        await _servers.RabbitMq.DeleteQueues(
            [Queues.Send, OldSenderTopology.ControlQueue, "never declared"],
            cancellationToken
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task Their_addresses_can_be_given_to_others(CancellationToken cancellationToken)
    {
        var postgreSql = _servers.PostgreSql;
        var surroundings = new Surroundings
        {
            Variable = name =>
                name == PostgreSqlSource.Variable
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"postgres://{postgreSql.UserName}:{postgreSql.Password}@{postgreSql.Host}:{postgreSql.Port}/postgres"
                    )
                    : _servers.RabbitMq.Url.ToString(),
        };

        await using var others = await LocalServers.Start(
            ServerNeeds.Both,
            new TestServerLog(),
            surroundings,
            cancellationToken
        );

        Assert.Multiple(() =>
        {
            Assert.That(others.PostgreSql.Port, Is.EqualTo(postgreSql.Port));
            Assert.That(others.RabbitMq.Url, Is.EqualTo(_servers.RabbitMq.Url));
            Assert.That(others.RabbitMq.VirtualHost, Is.EqualTo("/"));
            Assert.That(() => others.PostgreSql.Kill(cancellationToken), Throws.InstanceOf<NotSupportedException>());
            Assert.That(() => others.RabbitMq.Freeze(cancellationToken), Throws.InstanceOf<NotSupportedException>());
        });
    }
}
