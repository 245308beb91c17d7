using System.Collections.Concurrent;

namespace CampaignSender.Sandbox.Crm;

/// <summary>One thread for each contact and inbox, and every message that was ever stored.</summary>
internal sealed class CrmThreads
{
    private readonly ConcurrentDictionary<(Guid Contact, Guid Inbox), List<StoredMessage>> _threads = new();
    private readonly ConcurrentDictionary<Guid, ConcurrentQueue<StoredMessage>> _campaigns = new();
    private long _messages;

    public long MessageCount => Volatile.Read(ref _messages);

    public IReadOnlyCollection<StoredMessage> OfCampaign(Guid campaignId) =>
        _campaigns.TryGetValue(campaignId, out var messages) ? messages : [];

    /// <summary>Contacts that a campaign has written to more than once.</summary>
    public IEnumerable<(Guid CampaignId, Guid ContactId)> Repeated =>
        _campaigns
            .Values.SelectMany(messages => messages)
            .CountBy(message => (message.CampaignId, message.ContactId))
            .Where(contact => contact.Value > 1)
            .Select(contact => contact.Key);

    /// <summary>Stores the message, whether or not it is there already, and returns the whole thread.</summary>
    public IReadOnlyList<StoredMessage> Append(Func<long, StoredMessage> write)
    {
        var message = write(Interlocked.Increment(ref _messages));
        var thread = _threads.GetOrAdd((message.ContactId, message.InboxId), _ => new List<StoredMessage>(1));
        _campaigns.GetOrAdd(message.CampaignId, _ => new ConcurrentQueue<StoredMessage>()).Enqueue(message);
        lock (thread)
        {
            thread.Add(message);
            return [.. thread];
        }
    }

    public IReadOnlyList<StoredMessage> Find(Guid contactId, Guid inboxId)
    {
        if (!_threads.TryGetValue((contactId, inboxId), out var thread))
        {
            return [];
        }

        lock (thread)
        {
            return [.. thread];
        }
    }
}
