namespace CampaignSender.Sandbox.Chaos;

/// <summary>What the replicas have logged, over all their lives, about certain contacts and pages.</summary>
internal sealed class ReplicaLogs
{
    private readonly Dictionary<Guid, List<ReplicaLogLine>> _byContact = [];
    private readonly Dictionary<(Guid CampaignId, int Page), List<ReplicaLogLine>> _byPage = [];

    public static ReplicaLogs Search(
        IEnumerable<SupervisedReplica> replicas,
        IReadOnlyCollection<ViolatedContact> contacts
    )
    {
        var logs = new ReplicaLogs();
        if (contacts.Count == 0)
        {
            return logs;
        }

        var ids = contacts.Select(contact => contact.ContactId).ToHashSet();
        var pages = contacts
            .SelectMany(contact => contact.Pages.Select(page => (contact.CampaignId, page)))
            .ToHashSet();
        foreach (var replica in replicas)
        {
            foreach (var line in replica.Replica.Log())
            {
                logs.Take(replica.Number, line, ids, pages);
            }
        }

        return logs;
    }

    public IEnumerable<ReplicaLogLine> About(ViolatedContact contact) =>
        contact
            .Pages.SelectMany(page => _byPage.GetValueOrDefault((contact.CampaignId, page), []))
            .Concat(_byContact.GetValueOrDefault(contact.ContactId, []))
            .Distinct();

    private void Take(int replica, string line, HashSet<Guid> ids, HashSet<(Guid, int)> pages)
    {
        foreach (var id in ReplicaLogLine.Ids(line).Where(ids.Contains).Distinct())
        {
            Add(_byContact, id, ReplicaLogLine.TryRead(replica, line));
        }

        foreach (var page in ReplicaLogLine.Pages(line).Where(pages.Contains).Distinct())
        {
            Add(_byPage, page, ReplicaLogLine.TryRead(replica, line));
        }
    }

    private static void Add<TKey>(Dictionary<TKey, List<ReplicaLogLine>> lines, TKey key, ReplicaLogLine? line)
        where TKey : notnull
    {
        if (line is null)
        {
            return;
        }

        if (!lines.TryGetValue(key, out var known))
        {
            lines[key] = known = [];
        }

        known.Add(line);
    }
}
