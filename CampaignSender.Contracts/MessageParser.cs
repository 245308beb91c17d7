using System.Text.Json;
using System.Text.Unicode;
using CampaignSender.Contracts.Json;

namespace CampaignSender.Contracts;

/// <summary>Reads messages from raw camelCase JSON and holds them to every rule of their contract.</summary>
public static class MessageParser
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads one message in a single pass; an empty body counts as <c>{}</c>.</summary>
    /// <typeparam name="T">One of the four messages of this assembly.</typeparam>
    /// <param name="body">The body as it came from the broker, any bytes at all.</param>
    /// <param name="limits">How large the message may be.</param>
    /// <exception cref="InvalidMessageException">The body breaks at least one rule; all of them are reported.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is no message of this assembly.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> body, MessageLimits limits)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(limits);

        var format = MessageFormats.Of<T>();
        var violations = new ViolationList();
        var message = Read(format, body.IsEmpty ? "{}"u8 : body.Span, limits, violations);
        return message ?? throw violations.ToException();
    }

    private static T? Read<T>(
        MessageFormat<T> format,
        ReadOnlySpan<byte> json,
        MessageLimits limits,
        ViolationList violations
    )
        where T : class
    {
        if (json.StartsWith(ByteOrderMark))
        {
            violations.AddDocumentFault("must not start with a byte order mark");
            return null;
        }

        // The JSON reader does not look at the encoding of the strings that it skips.
        if (!Utf8.IsValid(json))
        {
            violations.AddDocumentFault("must be valid UTF-8");
            return null;
        }

        var reader = new MessageReader(json, violations);
        try
        {
            var message = reader.StartMessage(format.Fields) ? format.Read(ref reader, limits) : null;
            reader.EndMessage();
            return violations.IsEmpty ? message : null;
        }
        catch (JsonException)
        {
            violations.AddDocumentFault(reader.SyntaxRule);
            return null;
        }
    }
}
