using System.Text.RegularExpressions;
using CampaignSender.Contracts;

namespace CampaignSender.Sandbox.Crm;

/// <summary>Why the CRM would refuse a conversation with 422.</summary>
internal static partial class ConversationRules
{
    /// <summary>Null where it is accepted.</summary>
    public static string? Violation(ConversationBody body, SimulatedContact contact, ChannelType channel) =>
        body.SourceId switch
        {
            _ when !body.HasProcessedParams => "Template params processed_params must be an object",
            "" => "Source is invalid",
            { } sourceId when channel is ChannelType.Whatsapp && !Whatsapp().IsMatch(sourceId) =>
                "Source is invalid for whatsapp inbox",
            null when channel is ChannelType.Email && contact.Email is null => "Contact must have an e-mail",
            null when channel is not ChannelType.Email && contact.PhoneNumber is null =>
                "Contact must have a phone number",
            _ => null,
        };

    [GeneratedRegex(@"\A(?:\+?\d{1,15}|\+?\d+@lid|\d+(?:-\d+)?@g\.us|[A-Z]{2}\.[a-zA-Z0-9]+)\z")]
    private static partial Regex Whatsapp();
}
