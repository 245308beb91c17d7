using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>
/// The queue of the sender that evo-flow runs inside its one process with <c>RUN_MODE=single</c>. It is bound to the same
/// exchange as ours: every page goes to both.
/// </summary>
internal sealed class SingleModeQueue(RabbitMqConnections connections)
{
    public const string Name = "single-campaigns.send";

    /// <returns>Null: there is no such queue.</returns>
    public async Task<QueueDeclareOk?> Find(CancellationToken cancellationToken)
    {
        await using var connection = await connections.Open("check", cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return await channel.QueueDeclarePassiveAsync(Name, cancellationToken);
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == 404)
        {
            return null;
        }
    }
}
