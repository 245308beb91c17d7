using CampaignSender.Sandbox.Servers;
using CampaignSender.Tests.Servers;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>PostgreSQL, RabbitMQ and Kafka for all tests of this namespace, one after the other.</summary>
[SetUpFixture]
internal sealed class SharedServers
{
    private static LocalServers? _servers;

    public static LocalServers Current =>
        _servers ?? throw new InvalidOperationException("The servers are not started");

    [OneTimeSetUp]
    public async Task Start() =>
        _servers = await LocalServers.Start(
            ServerNeeds.Both | ServerNeeds.Kafka,
            new TestServerLog(),
            CancellationToken.None
        );

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_servers is not null)
        {
            await _servers.DisposeAsync();
        }
    }
}
