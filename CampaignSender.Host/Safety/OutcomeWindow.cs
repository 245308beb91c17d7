namespace CampaignSender.Host.Safety;

/// <summary>The last outcomes of a campaign in this replica. Not safe for several threads at once.</summary>
internal sealed class OutcomeWindow
{
    /// <summary>The code of each failure; null for what went well.</summary>
    private readonly Queue<string?> _outcomes = new();

    public int Outcomes => _outcomes.Count;

    public int Failures { get; private set; }

    public void Add(string? failureCode, int size)
    {
        _outcomes.Enqueue(failureCode);
        Failures += failureCode is null ? 0 : 1;
        while (_outcomes.Count > size)
        {
            Failures -= _outcomes.Dequeue() is null ? 0 : 1;
        }
    }

    public void Clear()
    {
        _outcomes.Clear();
        Failures = 0;
    }

    /// <summary>The code that most failures have; null where none is known here.</summary>
    public string? CommonestFailure() =>
        _outcomes.OfType<string>().CountBy(code => code).OrderByDescending(code => code.Value).FirstOrDefault().Key;
}
