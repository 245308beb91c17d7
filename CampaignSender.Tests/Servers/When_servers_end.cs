using CampaignSender.Sandbox.Servers;
using NUnit.Framework;

namespace CampaignSender.Tests.Servers;

[Platform("Linux")]
public sealed class When_servers_end
{
    private ServerFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new ServerFolder();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test, CancelAfter(30_000)]
    public async Task They_leave_no_process_and_no_file(CancellationToken cancellationToken)
    {
        var servers = await LocalServers.Start(
            ServerNeeds.Both,
            new TestServerLog(),
            _folder.Surroundings,
            cancellationToken
        );
        var listeners = Listeners.Of(_folder.Processes());
        Assert.That(_folder.Content.Count(), Is.EqualTo(2));

        await servers.DisposeAsync();

        Assert.Multiple(() =>
        {
            Assert.That(_folder.Content, Is.Empty);
            Assert.That(_folder.Processes(), Is.Empty);
            Assert.That(
                listeners.Select(listener => listener.Port),
                Is.SupersetOf([servers.PostgreSql.Port, servers.RabbitMq.Url.Port])
            );
            Assert.That(listeners.Select(listener => listener.Host), Is.All.EqualTo(Listeners.Loopback));
        });
    }

    [Test, CancelAfter(60_000)]
    public async Task A_killed_holder_leaves_no_process_and_no_file(CancellationToken cancellationToken)
    {
        using var holder = StartupHook.Run(_folder.Path);
        Assert.That(await holder.StandardOutput.ReadLineAsync(cancellationToken), Is.EqualTo(StartupHook.Started));
        Assert.That(_folder.Processes(), Is.Not.Empty);

        holder.Kill();

        await Eventually.Holds(() => !_folder.Content.Any() && !_folder.Processes().Any(), cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_frozen_or_killed_server_is_cleared_away_too(CancellationToken cancellationToken)
    {
        var frozen = await Start(ServerNeeds.PostgreSql, cancellationToken);
        var killed = await Start(ServerNeeds.PostgreSql, cancellationToken);
        await frozen.PostgreSql.Freeze(cancellationToken);
        await killed.PostgreSql.Kill(cancellationToken);

        await Task.WhenAll(frozen.DisposeAsync().AsTask(), killed.DisposeAsync().AsTask());

        Assert.That(_folder.Content, Is.Empty);
        Assert.That(_folder.Processes(), Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_start_that_is_given_up_leaves_nothing(CancellationToken cancellationToken)
    {
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        impatience.CancelAfter(TimeSpan.FromSeconds(1));

        await Assert.ThatAsync(
            () => Start(ServerNeeds.Both, impatience.Token),
            Throws.InstanceOf<OperationCanceledException>()
        );

        Assert.Multiple(() =>
        {
            Assert.That(_folder.Content, Is.Empty);
            Assert.That(_folder.Processes(), Is.Empty);
        });
    }

    private Task<LocalServers> Start(ServerNeeds needs, CancellationToken cancellationToken) =>
        LocalServers.Start(needs, new TestServerLog(), _folder.Surroundings, cancellationToken);
}
