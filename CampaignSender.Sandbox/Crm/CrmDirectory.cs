using System.Collections.Concurrent;
using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;

namespace CampaignSender.Sandbox.Crm;

/// <summary>Who and what the CRM knows. Every contact exists unless it was removed.</summary>
internal sealed class CrmDirectory
{
    private readonly ConcurrentDictionary<Guid, SimulatedContact?> _contacts = new();
    private readonly ConcurrentDictionary<Guid, ChannelType> _inboxes = new();
    private readonly ConcurrentDictionary<Guid, Guid> _templates = new();

    public void Add(CampaignPlan plan)
    {
        _inboxes[plan.InboxId] = plan.Channel;
        _templates[plan.TemplateId] = plan.InboxId;
    }

    public void Set(SimulatedContact contact) => _contacts[contact.Id] = contact;

    public void Remove(Guid contactId) => _contacts[contactId] = null;

    public SimulatedContact? Contact(Guid id) =>
        _contacts.TryGetValue(id, out var known) ? known : SimulatedContact.Ordinary(id);

    public ChannelType? ChannelOf(Guid inboxId) => _inboxes.TryGetValue(inboxId, out var channel) ? channel : null;

    public bool HasTemplate(Guid templateId) => _templates.ContainsKey(templateId);

    public IEnumerable<Guid> TemplatesOf(Guid inboxId) =>
        _templates.Where(template => template.Value == inboxId).Select(template => template.Key);
}
