using CampaignSender.Contracts;
using RabbitMQ.Client;

namespace CampaignSender.Sandbox.Servers;

/// <summary>What the sender before this one declares on RabbitMQ, for trying a take-over.</summary>
internal static class OldSenderTopology
{
    /// <summary>All replicas of the old sender share it, so that only one of them hears an order.</summary>
    public const string ControlQueue = "campaign-sender-campaigns.control";

    private static readonly string[] _exchanges = [Topics.Send, Topics.Tracked, Topics.Control, Topics.Pack];

    public static async Task Declare(Uri url, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = url, AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        foreach (var exchange in _exchanges)
        {
            await channel.ExchangeDeclareAsync(
                exchange,
                ExchangeType.Topic,
                durable: true,
                cancellationToken: cancellationToken
            );
        }

        await DeclareQueue(channel, Queues.Send, Topics.Send, cancellationToken);
        await DeclareQueue(channel, ControlQueue, Topics.Control, cancellationToken);
    }

    private static async Task DeclareQueue(
        IChannel channel,
        string queue,
        string topic,
        CancellationToken cancellationToken
    )
    {
        await channel.QueueDeclareAsync(
            queue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            cancellationToken: cancellationToken
        );
        await channel.QueueBindAsync(queue, topic, routingKey: topic, cancellationToken: cancellationToken);
    }
}
