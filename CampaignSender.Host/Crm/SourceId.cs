using System.Text.RegularExpressions;
using CampaignSender.Contracts;

namespace CampaignSender.Host.Crm;

/// <summary>Chooses the contact's address in the channel.</summary>
internal static partial class SourceId
{
    /// <summary>
    /// The contact's address in the campaign's inbox as the CRM keeps it, else its e-mail address or, where it has no phone
    /// number, an identifier that only WhatsApp can have given it. Null: leave it out and let the CRM derive it (an empty or blank one fails).
    /// </summary>
    public static string? Choose(CrmContact contact, Guid inboxId, ChannelType channel) =>
        Stored(contact, inboxId, channel)
        ?? channel switch
        {
            ChannelType.Email when IsLegible(contact.Email) => contact.Email,
            // Beside a phone number it may be another provider's, which reaches nobody here; the CRM prefers the number too.
            // Any other identifier is the operator's own, a customer's number for instance: a stranger's telephone.
            ChannelType.Whatsapp
                when string.IsNullOrWhiteSpace(contact.PhoneNumber)
                    && contact.Identifier is { } id
                    && WhatsappId().IsMatch(id) => id,
            _ => null,
        };

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

    /// <summary>Of several always the same one, so that a look-up reads the thread that the message went to.</summary>
    private static string? Stored(CrmContact contact, Guid inboxId, ChannelType channel)
    {
        string? first = null;
        for (var index = 0; index < contact.ContactInboxes?.Count; index++)
        {
            if (
                contact.ContactInboxes[index] is { } inbox
                && inbox.BelongsTo(inboxId)
                && IsAccepted(inbox.SourceId, channel)
                && (first is null || Precedes(inbox.SourceId!, first))
            )
            {
                first = inbox.SourceId;
            }
        }

        return first;
    }

    // The CRM's own ones for WhatsApp are digits alone, and answers come in under those.
    private static bool Precedes(string one, string other) =>
        IsDigits(one) == IsDigits(other) ? string.CompareOrdinal(one, other) < 0 : IsDigits(one);

    private static bool IsDigits(string text) => !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static bool IsAccepted(string? sourceId, ChannelType channel) =>
        IsLegible(sourceId) && (channel is not ChannelType.Whatsapp || Whatsapp().IsMatch(sourceId!));

    // An account can have its contacts' addresses masked with asterisks: nobody is reached by such a one, and the CRM
    // derives the real one.
    private static bool IsLegible(string? address) =>
        !string.IsNullOrWhiteSpace(address) && !address.Contains('*', StringComparison.Ordinal);

    // The CRM's own rules for WhatsApp inboxes, its own and Twilio's.
    [GeneratedRegex(
        @"\A(?:\+?[0-9]{1,15}|whatsapp:\+[0-9]{1,15}|\+?[0-9]+@lid|[0-9]+(?:-[0-9]+)?@g\.us|[A-Z]{2}\.[a-zA-Z0-9]+)\z"
    )]
    private static partial Regex Whatsapp();

    // The same without telephone numbers.
    [GeneratedRegex(@"\A(?:\+?[0-9]+@lid|[0-9]+(?:-[0-9]+)?@g\.us|[A-Z]{2}\.[a-zA-Z0-9]+)\z")]
    private static partial Regex WhatsappId();
}
