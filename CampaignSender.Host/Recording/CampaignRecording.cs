using System.Threading.Channels;

namespace CampaignSender.Host.Recording;

/// <summary>
/// Records the outcomes of a campaign while any of its pages is at work here, and until the rows are free that others have locked.
/// </summary>
internal sealed class CampaignRecording
{
    /// <summary>The longest that an outcome waits for others to share its statement; after 250 ms it is to be recorded.</summary>
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(230);

    /// <summary>
    /// So many wait for no others. A page ends when its last outcome is recorded: that must not be behind a statement that
    /// takes as long as sending the next page.
    /// </summary>
    private const int EnoughForBatch = 250;

    private const int LargestBatch = 1_000;

    /// <summary>Before a row that somebody else had locked is tried again.</summary>
    private static readonly TimeSpan PauseWhereLocked = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A minute and more. Then its page goes on without it: a transaction that somebody has forgotten must not hold a page's place
    /// for hours. That somebody was sent to is still recorded when it can be, whoever holds the contact by then.
    /// </summary>
    private const int MostTimesLocked = 60;

    // Not for a single reader: such a channel does not tell how much is in it.
    private readonly Channel<QueuedOutcome> _outcomes = Channel.CreateUnbounded<QueuedOutcome>();
    private readonly OutcomeWriter _writer;
    private readonly TimeProvider _time;
    private readonly CancellationToken _abandon;
    private volatile TaskCompletionSource _hurry = NewHurry();

    public CampaignRecording(OutcomeWriter writer, TimeProvider time, CancellationToken abandon)
    {
        (_writer, _time, _abandon) = (writer, time, abandon);
        _ = RecordAll();
    }

    /// <summary>Those that are open; counted by whoever opens and closes them.</summary>
    public int Pages { get; set; }

    public void Add(PageRecording page, ContactOutcome outcome)
    {
        _outcomes.Writer.TryWrite(new QueuedOutcome(page, outcome, _time.GetTimestamp()));
        if (_outcomes.Reader.Count >= EnoughForBatch)
        {
            Hurry();
        }
    }

    public void Hurry() => _hurry.TrySetResult();

    public void Complete() => _outcomes.Writer.Complete();

    private async Task RecordAll()
    {
        var batch = new List<QueuedOutcome>();
        try
        {
            while (await _outcomes.Reader.WaitToReadAsync(_abandon))
            {
                await Task.WhenAny(_hurry.Task, Task.Delay(TimeLeft(), _time, _abandon));
                // Before the reading: what is hurried up from now on may come too late for this batch.
                _hurry = NewHurry();
                for (var due = _outcomes.Reader.Count; due > 0; due -= batch.Count)
                {
                    Read(batch, Math.Min(due, LargestBatch));
                    await RecordBatch(batch);
                }
            }
        }
        catch when (_abandon.IsCancellationRequested)
        {
            // The pages know it by the same token.
        }
    }

    // It may have waited already, for the statement before.
    private TimeSpan TimeLeft()
    {
        var waited = _outcomes.Reader.TryPeek(out var oldest) ? _time.GetElapsedTime(oldest.Since) : TimeSpan.Zero;
        return waited < BatchTime ? BatchTime - waited : TimeSpan.Zero;
    }

    private void Read(List<QueuedOutcome> batch, int count)
    {
        batch.Clear();
        while (batch.Count < count && _outcomes.Reader.TryRead(out var outcome))
        {
            batch.Add(outcome);
        }
    }

    private async Task RecordBatch(List<QueuedOutcome> batch)
    {
        try
        {
            RecordLater(await _writer.Write(batch, _abandon));
        }
        catch when (!_abandon.IsCancellationRequested)
        {
            // An outcome that cannot be recorded fails its own page, not those that share its statement.
            foreach (var page in batch.GroupBy(queued => (object?)queued.Page ?? queued.Outcome))
            {
                await RecordPage(page.First().Page, [.. page]);
            }
        }
    }

    private async Task RecordPage(PageRecording? page, List<QueuedOutcome> outcomes)
    {
        try
        {
            RecordLater(await _writer.Write(outcomes, _abandon));
        }
        catch (Exception exception) when (!_abandon.IsCancellationRequested)
        {
            _writer.TellRefused(exception, outcomes.Count);
            page?.Failed(exception);
        }
    }

    private void RecordLater(IReadOnlyList<QueuedOutcome> locked)
    {
        if (locked.Count > 0)
        {
            _ = AddAgain(locked);
        }
    }

    private async Task AddAgain(IReadOnlyList<QueuedOutcome> locked)
    {
        await Task.Delay(PauseWhereLocked, _time, _abandon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var queued in locked)
        {
            var isLeft = queued.TimesLocked == MostTimesLocked;
            var again = queued with
            {
                Page = isLeft ? null : queued.Page,
                Since = _time.GetTimestamp(),
                TimesLocked = queued.TimesLocked + 1,
            };
            if (isLeft)
            {
                queued.Page?.Lost();
            }

            if (!_outcomes.Writer.TryWrite(again))
            {
                // The campaign's last page is over, and nobody reads what is queued any more.
                await RecordPage(again.Page, [again]);
            }
        }
    }

    private static TaskCompletionSource NewHurry() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
