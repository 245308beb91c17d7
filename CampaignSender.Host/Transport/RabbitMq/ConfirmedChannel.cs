using MassTransit;
using RabbitMQ.Client;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>
/// A channel for publications that the broker confirms, one at a time. On a connection of its own, which is opened with the
/// first one and thrown away at the first fault: see docs/adr/0006.
/// </summary>
internal sealed class ConfirmedChannel(RabbitMqConnections connections, string purpose, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>A broker that does not confirm in this time counts as away.</summary>
    private static readonly TimeSpan ConfirmTime = TimeSpan.FromSeconds(15);

    private static readonly CreateChannelOptions WithConfirms = new(
        publisherConfirmationsEnabled: true,
        publisherConfirmationTrackingEnabled: true
    );

    private readonly SemaphoreSlim _one = new(1);
    private IConnection? _connection;
    private IChannel? _channel;

    /// <summary>Done to each channel that is opened, ahead of its first publication.</summary>
    public Func<IChannel, CancellationToken, Task> Prepare { get; init; } = static (_, _) => Task.CompletedTask;

    public async Task Publish(Func<IChannel, CancellationToken, ValueTask> publish, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(ConfirmTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var isOurTurn = false;
        try
        {
            await _one.WaitAsync(either.Token);
            isOurTurn = true;
            await PublishInTurn(publish, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"RabbitMQ did not confirm a message in {ConfirmTime.TotalSeconds:0} s");
        }
        finally
        {
            if (isOurTurn)
            {
                _one.Release();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Close();
        _one.Dispose();
    }

    private async Task PublishInTurn(
        Func<IChannel, CancellationToken, ValueTask> publish,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await publish(await Open(cancellationToken), cancellationToken);
        }
        catch (Exception exception)
        {
            // Of a message that is refused or returned the channel is none the worse.
            if (exception is not RabbitMQ.Client.Exceptions.PublishException)
            {
                await Close();
            }

            if (exception is OperationCanceledException)
            {
                throw;
            }

            // As it is, MassTransit would take it for a fault of the connection that it consumes by, and give all pages back.
            throw new TransportUnavailableException($"RabbitMQ did not take a message: {exception.Message}", exception);
        }
    }

    private async Task<IChannel> Open(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true })
        {
            return _channel;
        }

        await Close();
        _connection = await connections.Open(purpose, cancellationToken);
        _channel = await _connection.CreateChannelAsync(WithConfirms, cancellationToken);
        await Prepare(_channel, cancellationToken);
        return _channel;
    }

    private async Task Close()
    {
        var connection = _connection;
        (_connection, _channel) = (null, null);
        if (connection is not null)
        {
            await RabbitMqConnections.Discard(connection);
        }
    }
}
