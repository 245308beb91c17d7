using System.Text.RegularExpressions;
using CampaignSender.Contracts;

namespace CampaignSender.Host.Crm;

/// <summary>Chooses the contact's address in the channel.</summary>
internal static partial class SourceId
{
    /// <summary>
    /// The contact's address in the campaign's inbox, else its e-mail address where that is the channel, else its identifier,
    /// else its phone number, each only where the CRM would take it. Null: leave it out and let the CRM derive it (an empty
    /// or blank one fails).
    /// </summary>
    public static string? Choose(CrmContact contact, Guid inboxId, ChannelType channel) =>
        Candidates(contact, inboxId, channel).FirstOrDefault(candidate => IsAccepted(candidate, channel));

    /// <summary>What the CRM needs to send a message and would miss; null: nothing.</summary>
    public static string? Missing(CrmContact contact, Guid inboxId, ChannelType channel) =>
        channel switch
        {
            // Whatever the source id, the CRM writes to the contact's e-mail address.
            ChannelType.Email => string.IsNullOrWhiteSpace(contact.Email) ? "no e-mail address" : null,
            _ => string.IsNullOrWhiteSpace(contact.PhoneNumber) && Choose(contact, inboxId, channel) is null
                ? "no phone number"
                : null,
        };

    private static IEnumerable<string?> Candidates(CrmContact contact, Guid inboxId, ChannelType channel)
    {
        yield return contact.ContactInboxes?.FirstOrDefault(inbox => inbox.BelongsTo(inboxId))?.SourceId;
        if (channel is ChannelType.Email)
        {
            yield return contact.Email;
            yield break;
        }

        yield return contact.Identifier;
        yield return contact.PhoneNumber;
    }

    // An account can have its contacts' addresses masked with asterisks: nobody is reached by such a one, and the CRM
    // derives the real one.
    private static bool IsAccepted(string? candidate, ChannelType channel) =>
        !string.IsNullOrWhiteSpace(candidate)
        && !candidate.Contains('*', StringComparison.Ordinal)
        && (channel is not ChannelType.Whatsapp || Whatsapp().IsMatch(candidate));

    // The CRM's own rule for WhatsApp inboxes.
    [GeneratedRegex(@"\A(?:\+?[0-9]{1,15}|\+?[0-9]+@lid|[0-9]+(?:-[0-9]+)?@g\.us|[A-Z]{2}\.[a-zA-Z0-9]+)\z")]
    private static partial Regex Whatsapp();
}
