namespace CampaignSender.Host;

/// <summary>When the dispatching of a page comes to its end before it is through, and why.</summary>
internal sealed class PageEnd : IDisposable
{
    private readonly CancellationTokenSource _budget;
    private readonly CancellationTokenSource _leave;
    private readonly Lock _lock = new();
    private PageHalt _gravest;

    /// <param name="budget">The time that the page may take.</param>
    /// <param name="causes">Whatever else ends it.</param>
    public PageEnd(TimeSpan budget, TimeProvider time, params CancellationToken[] causes)
    {
        _budget = new CancellationTokenSource(budget, time);
        _leave = CancellationTokenSource.CreateLinkedTokenSource([_budget.Token, .. causes]);
    }

    /// <summary>Ends the waits of the page's contacts.</summary>
    public CancellationToken Token => _leave.Token;

    /// <summary>Why it ended: the gravest reason that was noted.</summary>
    public PageHalt Halt =>
        _gravest is PageHalt.Left && _budget.IsCancellationRequested ? PageHalt.TimeBudget : _gravest;

    public void Note(PageHalt halt)
    {
        lock (_lock)
        {
            _gravest = (PageHalt)Math.Max((int)_gravest, (int)halt);
        }
    }

    public Task Leave() => _leave.CancelAsync();

    public void Dispose()
    {
        _leave.Dispose();
        _budget.Dispose();
    }
}
