using Confluent.Kafka;
using MassTransit.Events;
using MassTransit.Transports;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// Turns what goes wrong and well with an endpoint into MassTransit's two events. Each kind of fault stays until its own
/// sign of recovery, so that one that goes well does not hide another that does not.
/// </summary>
internal sealed class KafkaEndpointHealth(ReceiveEndpointContext endpoint)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Fault, Exception> _faults = [];
    private bool _isJoined;
    private bool _isReported;

    private enum Fault
    {
        Connection,
        Consuming,
        Commit,
        Page,
    }

    /// <summary>The endpoint receives, or would if there was anything to receive.</summary>
    public void Joined()
    {
        lock (_lock)
        {
            _isJoined = true;
        }

        Recover(Fault.Consuming, Fault.Connection);
    }

    public void ClientFailed(Error error)
    {
        if (error.IsFatal || error.Code is ErrorCode.Local_AllBrokersDown)
        {
            Fail(Fault.Connection, new KafkaException(error));
        }
    }

    public void Connected(bool isConnected)
    {
        if (isConnected)
        {
            Recover(Fault.Connection);
        }
    }

    public void ConsumingFailed(Exception exception) => Fail(Fault.Consuming, exception);

    public void Consumed() => Recover(Fault.Consuming);

    public void CommitFailed(KafkaException exception) => Fail(Fault.Commit, exception);

    public void NoCommitFails() => Recover(Fault.Commit);

    public void PageFailed(Exception exception) => Fail(Fault.Page, exception);

    public void NoPageFails() => Recover(Fault.Page);

    private void Fail(Fault fault, Exception exception)
    {
        lock (_lock)
        {
            _faults[fault] = exception;
            _isReported = false;
            _ = endpoint.TransportObservers.Faulted(new ReceiveTransportFaultedEvent(endpoint.InputAddress, exception));
        }
    }

    private void Recover(params ReadOnlySpan<Fault> faults)
    {
        lock (_lock)
        {
            foreach (var fault in faults)
            {
                _faults.Remove(fault);
            }

            if (_isJoined && !_isReported && _faults.Count == 0)
            {
                _isReported = true;
                _ = endpoint.TransportObservers.Ready(new ReceiveTransportReadyEvent(endpoint.InputAddress));
            }
        }
    }
}
