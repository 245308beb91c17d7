namespace CampaignSender.Host.Recording;

/// <summary>The outcomes of one page on their way to the database.</summary>
internal sealed class PageRecording(CampaignRecording campaign, Action close, CancellationToken abandon) : IDisposable
{
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Outcomes that are not recorded, and one for those that may still come.</summary>
    private int _open = 1;

    /// <summary>Ends when the last outcome is recorded; fails with what makes one impossible to record.</summary>
    public Task Finished => _finished.Task.WaitAsync(abandon);

    public void Add(ContactOutcome outcome)
    {
        Interlocked.Increment(ref _open);
        campaign.Add(new QueuedOutcome(this, outcome));
    }

    /// <summary>No further outcome comes: the last ones do not wait for others to share their statement.</summary>
    public void Complete()
    {
        campaign.Hurry();
        Recorded();
    }

    public void Recorded()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _finished.TrySetResult();
        }
    }

    public void Failed(Exception exception) => _finished.TrySetException(exception);

    public void Dispose() => close();
}
