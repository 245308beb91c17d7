namespace CampaignSender.Host.Recording;

/// <summary>The outcomes of one page on their way to the database.</summary>
internal sealed class PageRecording(CampaignRecording campaign, Action close, CancellationToken abandon) : IDisposable
{
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Outcomes that are not recorded, and one for those that may still come.</summary>
    private int _open = 1;

    private readonly int[] _recorded = new int[Enum.GetValues<ContactStatus>().Length];

    /// <summary>The contacts whose outcomes were recorded; final when it is finished.</summary>
    public RecordedContacts Contacts =>
        new(Count(ContactStatus.Sent), Count(ContactStatus.Failed), Count(ContactStatus.Skipped));

    /// <summary>Ends when the last outcome is recorded or left behind; fails with what makes one impossible to record.</summary>
    public Task Finished => _finished.Task.WaitAsync(abandon);

    public void Add(ContactOutcome outcome)
    {
        Interlocked.Increment(ref _open);
        campaign.Add(this, outcome);
    }

    /// <summary>No further outcome comes: the last ones do not wait for others to share their statement.</summary>
    public void Complete()
    {
        campaign.Hurry();
        Done();
    }

    public void Recorded(ContactOutcome outcome)
    {
        if (!outcome.IsDuplicate)
        {
            Interlocked.Increment(ref _recorded[(int)outcome.Status]);
        }

        Done();
    }

    /// <summary>Somebody else settled the row, or keeps it locked.</summary>
    public void Lost() => Done();

    public void Failed(Exception exception) => _finished.TrySetException(exception);

    public void Dispose() => close();

    private int Count(ContactStatus status) => Volatile.Read(ref _recorded[(int)status]);

    private void Done()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _finished.TrySetResult();
        }
    }
}
