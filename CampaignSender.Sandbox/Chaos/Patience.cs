using System.Net.Sockets;
using Confluent.Kafka;
using Npgsql;
using RabbitMQ.Client.Exceptions;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>
/// Does something with a server of ours that is being restarted or frozen, again and again until it has been done. What was
/// tried may have happened each time.
/// </summary>
internal sealed class Patience(TimeProvider time)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _longestTry = TimeSpan.FromSeconds(15);

    public async Task<T> Insist<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var late = new CancellationTokenSource(_longestTry, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
            try
            {
                return await attempt(either.Token);
            }
            catch (Exception exception) when (IsPassing(exception) && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(_pause, time, cancellationToken);
            }
        }
    }

    public Task Insist(Func<CancellationToken, Task> attempt, CancellationToken cancellationToken) =>
        Insist(
            async token =>
            {
                await attempt(token);
                return true;
            },
            cancellationToken
        );

    /// <summary>Whether it is what clients say of a server that is away, or of one that does not answer.</summary>
    public static bool IsPassing(Exception exception) =>
        exception
            is NpgsqlException
                or RabbitMQClientException
                or KafkaException
                or SocketException
                or IOException
                or TimeoutException
                or OperationCanceledException
                or ObjectDisposedException;
}
