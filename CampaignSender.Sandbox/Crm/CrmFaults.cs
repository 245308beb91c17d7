using System.Collections.Immutable;

namespace CampaignSender.Sandbox.Crm;

/// <summary>The rules in force, and how often each has applied.</summary>
internal sealed class CrmFaults
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(1);
    private ImmutableList<(FaultRule Rule, int Left)> _rules = [];

    public void Add(FaultRule rule)
    {
        lock (_lock)
        {
            _rules = _rules.Add((rule, rule.Times ?? int.MaxValue));
        }
    }

    /// <summary>Ends one rule; where it was added twice, one of the two.</summary>
    public void Remove(FaultRule rule)
    {
        lock (_lock)
        {
            var index = _rules.FindIndex(each => each.Rule == rule);
            _rules = index < 0 ? _rules : _rules.RemoveAt(index);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _rules = [];
        }
    }

    public FaultRule? Next(CrmRequestKind kind, Guid? contactId)
    {
        if (_rules.IsEmpty)
        {
            return null;
        }

        lock (_lock)
        {
            for (var index = 0; index < _rules.Count; index++)
            {
                var (rule, left) = _rules[index];
                if (left > 0 && Applies(rule, kind, contactId))
                {
                    _rules = _rules.SetItem(index, (rule, left == int.MaxValue ? left : left - 1));
                    return rule.ShareCarriedOut is { } share
                        ? rule with
                        {
                            IsCarriedOut = _random.NextDouble() < share,
                        }
                        : rule;
                }
            }

            return null;
        }
    }

    private bool Applies(FaultRule rule, CrmRequestKind kind, Guid? contactId) =>
        (rule.Kind is null || rule.Kind == kind)
        && (rule.ContactId is null || rule.ContactId == contactId)
        && (rule.Share >= 1 || _random.NextDouble() < rule.Share);
}
