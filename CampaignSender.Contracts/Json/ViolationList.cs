namespace CampaignSender.Contracts.Json;

/// <summary>Collects violations: all are counted, the first 100 are kept, so that a hostile body costs no memory.</summary>
internal sealed class ViolationList
{
    private const int MaxKept = 100;

    private readonly List<Violation> _kept = [];
    private int _count;

    public bool IsEmpty => _count == 0;

    /// <summary>Whether another path is worth building.</summary>
    public bool IsFull => _kept.Count >= MaxKept;

    public void Add(string path, string rule)
    {
        _count++;
        if (!IsFull)
        {
            _kept.Add(new Violation(path, rule));
        }
    }

    /// <summary>Counts a violation that is not kept.</summary>
    public void AddUnlisted() => _count++;

    /// <summary>Adds a fault of the whole document, ahead of all others.</summary>
    public void AddDocumentFault(string rule)
    {
        _count++;
        if (IsFull)
        {
            _kept.RemoveAt(MaxKept - 1);
        }

        _kept.Insert(0, new Violation("$", rule));
    }

    public InvalidMessageException ToException() => new(_kept, _count);
}
