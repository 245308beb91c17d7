using CampaignSender.Host.Database;

namespace CampaignSender.Host.Suppression;

/// <summary>Who of a page's contacts is to get no message.</summary>
internal sealed class PageSuppressions(Recent<bool> isListEmpty, Recent<IReadOnlyDictionary<Guid, string>> found)
{
    /// <summary>Null: nothing speaks against a message. Mostly from memory.</summary>
    public async ValueTask<string?> ReasonAgainst(Guid contactId, CancellationToken cancellationToken) =>
        // Where nobody is on the list, no page costs a statement.
        await isListEmpty.Get(cancellationToken)
            ? null
            : (await found.Get(cancellationToken)).GetValueOrDefault(contactId);
}
