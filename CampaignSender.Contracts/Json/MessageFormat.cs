using System.Text.Json;

namespace CampaignSender.Contracts.Json;

/// <summary>How one kind of message is laid out in JSON.</summary>
internal abstract class MessageFormat<T>(FieldSet fields)
{
    public FieldSet Fields => fields;

    /// <summary>Reads the fields. What is returned is meaningless where a violation was reported.</summary>
    public abstract T Read(ref MessageReader reader, MessageLimits limits);

    /// <summary>Writes the fields, without the braces around them.</summary>
    public abstract void Write(Utf8JsonWriter json, T message);
}
