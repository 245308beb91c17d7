using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>A line of a replica's log: one JSON object.</summary>
internal sealed partial record ReplicaLogLine(int Replica, DateTimeOffset At, string Message)
{
    /// <summary>Null where it is no such line: the runtime writes others too.</summary>
    public static ReplicaLogLine? TryRead(int replica, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return root.TryGetProperty("Timestamp"u8, out var at) && root.TryGetProperty("Message"u8, out var message)
                ? new(replica, at.GetDateTimeOffset(), message.GetString() ?? "")
                : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The ids in a line, of whatever.</summary>
    public static IEnumerable<Guid> Ids(string line) => Id().Matches(line).Select(match => Guid.Parse(match.ValueSpan));

    /// <summary>The pages that a line is about.</summary>
    public static IEnumerable<(Guid CampaignId, int Page)> Pages(string line) =>
        PageOf()
            .Matches(line)
            .Select(match =>
                (
                    Guid.Parse(match.Groups["id"].ValueSpan),
                    int.Parse(match.Groups["page"].ValueSpan, CultureInfo.InvariantCulture)
                )
            );

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();

    [GeneratedRegex("[Pp]age (?<page>[0-9]+) of (campaign )?(?<id>[0-9a-f-]{36})")]
    private static partial Regex PageOf();
}
