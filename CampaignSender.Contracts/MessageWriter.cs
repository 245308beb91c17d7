using System.Buffers;
using System.Text.Json;
using CampaignSender.Contracts.Json;

namespace CampaignSender.Contracts;

/// <summary>Writes messages as raw camelCase JSON, as <see cref="MessageParser"/> and the other services read them.</summary>
public static class MessageWriter
{
    /// <summary>Writes one message: ids lower case and hyphenated, enums lower case, absent fields left out.</summary>
    /// <typeparam name="T">One of the four messages of this assembly.</typeparam>
    /// <param name="message">A message that keeps its contract; that is not checked here.</param>
    /// <exception cref="ArgumentOutOfRangeException">The message holds an undefined enum value.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is no message of this assembly.</exception>
    public static byte[] Write<T>(T message)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(message);

        var format = MessageFormats.Of<T>();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            format.Write(json, message);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
