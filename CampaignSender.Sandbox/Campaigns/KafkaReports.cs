namespace CampaignSender.Sandbox.Campaigns;

/// <summary>Hands on what a reader of <c>campaigns.tracked</c> reads, on a thread of its own.</summary>
internal sealed class KafkaReports : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly KafkaReader _reader;
    private readonly Task _reading;

    /// <param name="reader">It ends with this object.</param>
    public KafkaReports(KafkaReader reader)
    {
        _reader = reader;
        _reading = Task.Factory.StartNew(
            Read,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    public TrackedReports Received { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _reader.Dispose();
        _end.Dispose();
    }

    private void Read()
    {
        try
        {
            while (true)
            {
                Received.Add(_reader.Next(_end.Token).Value);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Nobody wants any more.
        }
        catch (Exception exception)
        {
            Received.Fail(exception);
        }
    }
}
