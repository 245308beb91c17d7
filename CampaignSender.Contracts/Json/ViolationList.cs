namespace CampaignSender.Contracts.Json;

/// <summary>Collects violations: all are counted, the first 100 are kept, so that a hostile body costs no memory.</summary>
internal sealed class ViolationList
{
    private const int MaxKept = 100;

    private readonly List<Violation> _kept = [];
    private int _count;

    public bool IsEmpty => _count == 0;

    public void Add(string field, string rule)
    {
        if (CountAndKeep())
        {
            _kept.Add(new Violation($"$.{field}", rule));
        }
    }

    public void AddElement(string field, int index, string rule)
    {
        if (CountAndKeep())
        {
            _kept.Add(new Violation($"$.{field}[{index}]", rule));
        }
    }

    /// <param name="name">The name as it stands in the document.</param>
    public void AddUnknownField(ReadOnlySpan<byte> name)
    {
        if (CountAndKeep())
        {
            _kept.Add(new Violation(PropertyPath.OfUnknown(name), "is not a known field"));
        }
    }

    /// <summary>Adds a fault of the whole document, ahead of all others.</summary>
    public void AddDocumentFault(string rule)
    {
        if (!CountAndKeep())
        {
            _kept.RemoveAt(MaxKept - 1);
        }

        _kept.Insert(0, new Violation("$", rule));
    }

    public InvalidMessageException ToException() => new(_kept, _count);

    private bool CountAndKeep()
    {
        _count++;
        return _kept.Count < MaxKept;
    }
}
