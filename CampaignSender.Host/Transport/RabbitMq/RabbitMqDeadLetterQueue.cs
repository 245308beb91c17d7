using System.Globalization;
using System.Text;
using CampaignSender.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>
/// Takes letters without acknowledging them, so that nobody else gets them meanwhile; those that are kept are back in their
/// places when the channel is closed.
/// </summary>
internal sealed class RabbitMqDeadLetterQueue(RabbitMqConnections connections) : IDeadLetters
{
    public async Task Visit(Func<DeadLetter, Task<DeadLetterFate>> decide, CancellationToken cancellationToken)
    {
        await using var connection = await connections.Open("dead letters", cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        for (var left = await Count(channel, cancellationToken); left > 0; left--)
        {
            if (
                await channel.BasicGetAsync(Queues.SendDeadLetters, autoAck: false, cancellationToken) is not { } letter
            )
            {
                return;
            }

            switch (await decide(Read(letter)))
            {
                case DeadLetterFate.Remove:
                    await channel.BasicAckAsync(letter.DeliveryTag, multiple: false, cancellationToken);
                    break;
                case DeadLetterFate.KeepTheRest:
                    return;
            }
        }
    }

    private static async Task<uint> Count(IChannel channel, CancellationToken cancellationToken)
    {
        try
        {
            return (await channel.QueueDeclarePassiveAsync(Queues.SendDeadLetters, cancellationToken)).MessageCount;
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            // It is made with the first letter.
            return 0;
        }
    }

    private static DeadLetter Read(BasicGetResult letter) =>
        new()
        {
            Body = letter.Body.ToArray(),
            Headers = HeaderTexts.Of(
                letter.BasicProperties.Headers ?? new Dictionary<string, object?>(),
                header => header.Key,
                header => Text(header.Value)
            ),
        };

    private static string Text(object? value) =>
        value is byte[] bytes
            ? Encoding.UTF8.GetString(bytes)
            : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
