using System.Runtime.Versioning;
using CampaignSender.Sandbox.Servers;
using NUnit.Framework;

namespace CampaignSender.Tests.Servers;

public sealed class When_there_is_no_server
{
    private static readonly Surroundings _bareMachine = new()
    {
        Variable = _ => null,
        Containers = false,
        Installing = false,
        PostgreSqlFolders = () => ["/nowhere/bin"],
        RabbitMqFolders = () => ["/nowhere/sbin"],
    };

    [TestCase(ServerNeeds.PostgreSql, "postgresql", PostgreSqlSource.Variable, "/nowhere/bin")]
    [TestCase(ServerNeeds.RabbitMq, "rabbitmq-server", RabbitMqSource.Variable, "/nowhere/sbin")]
    public void The_message_says_what_to_install_and_what_to_set(
        object needs,
        string package,
        string variable,
        string folder
    ) =>
        Assert.That(
            () => Start((ServerNeeds)needs, _bareMachine),
            Throws
                .InstanceOf<ServerUnavailableException>()
                .With.Message.Contain($"apt-get install {package}")
                .And.Message.Contain($"set {variable}")
                .And.Message.Contain(folder)
        );

    [TestCase(ServerNeeds.PostgreSql, PostgreSqlSource.Variable, "Host=127.0.0.1;Port=1;Username=nobody")]
    [TestCase(ServerNeeds.PostgreSql, PostgreSqlSource.Variable, "postgres://nobody@127.0.0.1:1")]
    [TestCase(ServerNeeds.PostgreSql, PostgreSqlSource.Variable, "the usual one")]
    [TestCase(ServerNeeds.RabbitMq, RabbitMqSource.Variable, "amqp://nobody:secret@127.0.0.1:1")]
    [TestCase(ServerNeeds.RabbitMq, RabbitMqSource.Variable, "the usual one")]
    [TestCase(ServerNeeds.Kafka, KafkaSource.Variable, "127.0.0.1:1")]
    [TestCase(ServerNeeds.Kafka, KafkaSource.Variable, "the usual one")]
    public void A_variable_that_leads_nowhere_is_named(object needs, string variable, string value) =>
        Assert.That(
            () => Start((ServerNeeds)needs, _bareMachine with { Variable = name => name == variable ? value : null }),
            Throws
                .InstanceOf<ServerUnavailableException>()
                .With.Message.Contain(variable)
                .And.Message.Not.Contain("secret")
        );

    [Test, Platform("Linux"), SupportedOSPlatform("linux")]
    public async Task A_server_that_ends_at_once_shows_the_end_of_its_log()
    {
        using var folder = new ServerFolder();
        using var programs = new ServerFolder();
        var script = Path.Combine(programs.Path, "rabbitmq-server");
        await File.WriteAllTextAsync(script, "#!/bin/sh\necho the cookie is mouldy >&2\nexit 3\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        await Assert.ThatAsync(
            () => Start(ServerNeeds.RabbitMq, folder.Surroundings with { RabbitMqFolders = () => [programs.Path] }),
            Throws
                .InstanceOf<ServerUnavailableException>()
                .With.Message.Contain("exit code 3")
                .And.Message.Contain("the cookie is mouldy")
        );
        Assert.That(folder.Content, Is.Empty);
    }

    [Test]
    public async Task Nothing_is_started_that_nobody_needs()
    {
        await using var servers = await LocalServers.Start(
            ServerNeeds.None,
            new TestServerLog(),
            _bareMachine,
            CancellationToken.None
        );

        Assert.That(() => servers.PostgreSql, Throws.InvalidOperationException);
        Assert.That(() => servers.RabbitMq, Throws.InvalidOperationException);
        Assert.That(() => servers.Kafka, Throws.InvalidOperationException);
    }

    private static Task<LocalServers> Start(ServerNeeds needs, Surroundings surroundings) =>
        LocalServers.Start(needs, new TestServerLog(), surroundings, CancellationToken.None);
}
