using System.Text;

namespace CampaignSender.Tests.Contracts;

/// <summary>The JSON of a message, valid until a test breaks it. Field values are raw JSON.</summary>
internal sealed class MessageBody
{
    public const string CampaignId = "0b9b1a66-3a0c-4ff0-9b53-8c8a1f0d2e11";
    public const string ContactId = "5d2f4b1e-77aa-4d0c-8f3e-2b6a9c1d0e22";
    public const string OtherContactId = "e3b0c442-98fc-4c14-9afb-f4c8996fb924";
    public const string TemplateId = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    public const string CorrelationId = "16fd2706-8baf-433b-82eb-8c7fada847da";

    private readonly List<(string Name, string Value)> _fields = [];

    public static MessageBody Send() =>
        new MessageBody()
            .With("campaignId", $"\"{CampaignId}\"")
            .With("page", "2")
            .With("totalPages", "3")
            .With("contactIds", $"[\"{ContactId}\",\"{OtherContactId}\"]")
            .With("templateId", $"\"{TemplateId}\"")
            .With("channelType", "\"whatsapp\"")
            .With("packKey", "\"pack-1\"")
            .With("correlationId", $"\"{CorrelationId}\"");

    public static MessageBody Tracked() =>
        new MessageBody()
            .With("campaignId", $"\"{CampaignId}\"")
            .With("page", "3")
            .With("sentCount", "998")
            .With("failedCount", "2")
            .With("completed", "true")
            .With("correlationId", $"\"{CorrelationId}\"");

    public static MessageBody Control() =>
        new MessageBody()
            .With("campaignId", $"\"{CampaignId}\"")
            .With("action", "\"pause\"")
            .With("correlationId", $"\"{CorrelationId}\"");

    public static MessageBody Pack() =>
        new MessageBody()
            .With("campaignId", $"\"{CampaignId}\"")
            .With("triggeredAt", "\"2026-03-01T09:30:00-03:00\"")
            .With("triggeredBy", "\"recurrence\"")
            .With("correlationId", $"\"{CorrelationId}\"");

    /// <summary>Sets a field, in its place where it is there already.</summary>
    public MessageBody With(string name, string value)
    {
        var index = _fields.FindIndex(field => field.Name == name);
        if (index < 0)
        {
            return WithAnother(name, value);
        }

        _fields[index] = (name, value);
        return this;
    }

    /// <summary>Adds a field at the end, even where it is there already.</summary>
    public MessageBody WithAnother(string name, string value)
    {
        _fields.Add((name, value));
        return this;
    }

    public MessageBody Without(string name)
    {
        _fields.RemoveAll(field => field.Name == name);
        return this;
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    public override string ToString() =>
        $"{{{string.Join(',', _fields.Select(field => $"\"{field.Name}\":{field.Value}"))}}}";
}
