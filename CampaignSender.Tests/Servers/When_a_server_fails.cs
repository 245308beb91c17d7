using CampaignSender.Sandbox.Servers;
using Dapper;
using Npgsql;
using NUnit.Framework;
using RabbitMQ.Client;

namespace CampaignSender.Tests.Servers;

[Platform("Linux")]
public sealed class When_a_server_fails
{
    private ServerFolder _folder = null!;
    private LocalServers _servers = null!;

    private PostgreSqlServer PostgreSql => _servers.PostgreSql;

    private RabbitMqServer RabbitMq => _servers.RabbitMq;

    [OneTimeSetUp]
    public async Task Start()
    {
        _folder = new ServerFolder();
        _servers = await LocalServers.Start(
            ServerNeeds.Both | ServerNeeds.Durable,
            new TestServerLog(),
            _folder.Surroundings,
            CancellationToken.None
        );
    }

    [OneTimeTearDown]
    public async Task End()
    {
        await _servers.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase(true), TestCase(false), CancelAfter(20_000)]
    public async Task PostgreSql_keeps_what_it_committed(bool killed, CancellationToken cancellationToken)
    {
        var name = killed ? "killed" : "stopped";
        var database = await PostgreSql.CreateDatabase(name, cancellationToken);
        await using (var connection = await Open(database.ConnectionString, cancellationToken))
        {
            await connection.ExecuteAsync("create table kept as select 7 as number");
        }

        await (killed ? PostgreSql.Kill(cancellationToken) : PostgreSql.Stop(cancellationToken));
        NpgsqlConnection.ClearAllPools();
        Assert.That(() => Open(database.ConnectionString, cancellationToken), Throws.InstanceOf<NpgsqlException>());
        await PostgreSql.Start(cancellationToken);

        await using var again = await Open(database.ConnectionString, cancellationToken);
        Assert.That(await again.ExecuteScalarAsync<int>("select number from kept"), Is.EqualTo(7));
        Assert.That(await again.ExecuteScalarAsync<string>("show fsync"), Is.EqualTo("on"));
    }

    [TestCase(true), TestCase(false), CancelAfter(90_000)]
    public async Task RabbitMq_keeps_what_it_confirmed(bool killed, CancellationToken cancellationToken)
    {
        var queue = killed ? "killed" : "stopped";
        await using (var connection = await RabbitMq.Connect(cancellationToken))
        {
            await using var channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(
                    publisherConfirmationsEnabled: true,
                    publisherConfirmationTrackingEnabled: true
                ),
                cancellationToken
            );
            await channel.QueueDeclareAsync(queue, durable: true, false, false, cancellationToken: cancellationToken);
            await channel.BasicPublishAsync(
                "",
                queue,
                mandatory: true,
                new BasicProperties { Persistent = true },
                "kept"u8.ToArray(),
                cancellationToken
            );
        }

        if (killed)
        {
            // It confirms messages that it has written, but a queue's declaration waits for up to 2 s to be written.
            await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System, cancellationToken);
        }

        await (killed ? RabbitMq.Kill(cancellationToken) : RabbitMq.Stop(cancellationToken));
        Assert.That(await RabbitMqServer.Answers(RabbitMq.Url, cancellationToken), Is.False);
        await RabbitMq.Start(cancellationToken);

        await using var again = await RabbitMq.Connect(cancellationToken);
        await using var reader = await again.CreateChannelAsync(cancellationToken: cancellationToken);
        Assert.That(await reader.MessageCountAsync(queue, cancellationToken), Is.EqualTo(1));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_frozen_PostgreSql_answers_when_it_thaws(CancellationToken cancellationToken)
    {
        await using var connection = await Open(PostgreSql.ConnectionString("postgres"), cancellationToken);
        await PostgreSql.Freeze(cancellationToken);
        var answer = connection.ExecuteScalarAsync<int>("select 7");
        var patience = Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancellationToken);

        Assert.That(await Task.WhenAny(answer, patience), Is.SameAs(patience));

        await PostgreSql.Thaw(cancellationToken);
        Assert.That(await answer, Is.EqualTo(7));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_frozen_RabbitMq_answers_when_it_thaws(CancellationToken cancellationToken)
    {
        await using var connection = await RabbitMq.Connect(cancellationToken);
        await RabbitMq.Freeze(cancellationToken);
        var answer = connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var patience = Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancellationToken);

        Assert.That(await Task.WhenAny(answer, patience), Is.SameAs(patience));

        await RabbitMq.Thaw(cancellationToken);
        await using var channel = await answer;
        Assert.That(channel.IsOpen);
    }

    private static async Task<NpgsqlConnection> Open(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
