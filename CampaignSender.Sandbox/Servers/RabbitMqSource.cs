using CampaignSender.Sandbox.Servers.Containers;
using CampaignSender.Sandbox.Servers.Programs;

namespace CampaignSender.Sandbox.Servers;

/// <summary>Decides where RabbitMQ comes from.</summary>
internal static class RabbitMqSource
{
    public const string Variable = "CAMPAIGN_SENDER_TEST_RABBITMQ";

    public static async Task<RabbitMqServer> Start(
        IServerLog log,
        Surroundings surroundings,
        CancellationToken cancellationToken
    ) =>
        await SuppliedRabbitMq.Take(log, surroundings, cancellationToken)
        ?? await RabbitMqContainerStart.Run(log, surroundings, cancellationToken)
        ?? await RabbitMqProgram.Run(log, surroundings, cancellationToken)
        ?? throw new ServerUnavailableException(
            $"""
            There is no RabbitMQ to work with: {Variable} is not set, no container engine answers, and rabbitmq-server is
            in none of: {string.Join(", ", surroundings.RabbitMqFolders().DefaultIfEmpty("(no folder)"))}.
            Install it (Debian, Ubuntu: apt-get install rabbitmq-server), start a container engine, or set {Variable}
            to a server to use, for instance amqp://user:password@host:5672.
            """
        );
}
