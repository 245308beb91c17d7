using CampaignSender.Host.Configuration;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

[Platform("Linux")]
internal sealed class When_RabbitMq_refuses_the_login : SendingTest
{
    [Test, CancelAfter(90_000)]
    public async Task A_service_that_has_consumed_ends_to_be_started_anew(CancellationToken cancellationToken)
    {
        using var folder = new ServerFolder();
        await using var servers = await LocalServers.Start(
            ServerNeeds.RabbitMq,
            new TestServerLog(),
            folder.Surroundings,
            cancellationToken
        );
        var replica = await Scene.StartReplica(cancellationToken, ("RabbitMq:Url", servers.RabbitMq.Url.ToString()));

        await servers.RabbitMq.Kill(cancellationToken);
        await ForgetUsers(folder, cancellationToken);
        // It never answers to the password that the test has, so this start does not end before the server does.
        _ = servers.RabbitMq.Start(cancellationToken);

        var lifetime = replica.Services.GetRequiredService<IHostApplicationLifetime>();
        await Eventually.Holds(() => lifetime.ApplicationStopping.IsCancellationRequested, cancellationToken);

        Assert.That(replica.Services.GetRequiredService<ServiceEnd>().HasFailed, Is.True);
        await replica.Log.WaitFor("RabbitMQ refuses the login", cancellationToken);
    }

    /// <summary>RabbitMQ makes its first user anew, with another password.</summary>
    private static async Task ForgetUsers(ServerFolder folder, CancellationToken cancellationToken)
    {
        var server = folder.Content.Single(path => File.Exists(Path.Combine(path, "rabbitmq.conf")));
        Directory.Delete(Path.Combine(server, "data"), recursive: true);
        var file = Path.Combine(server, "rabbitmq.conf");
        var settings = await File.ReadAllTextAsync(file, cancellationToken);
        await File.WriteAllTextAsync(
            file,
            settings.Replace("default_pass = ", "default_pass = another-", StringComparison.Ordinal),
            cancellationToken
        );
    }
}
