using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;
using CsvHelper.Configuration;

namespace CampaignSender.Host.Suppression;

/// <summary>
/// A file of suppressions, read line by line: its size does not matter. It is read to its end whatever its lines are like,
/// so that all faults are told at once.
/// </summary>
internal sealed class SuppressionFile(TextReader text, DateTimeOffset now, Action<SuppressionFault> report)
{
    private const string ContactId = "contact_id";
    private const string Channel = "channel";
    private const string Reason = "reason";
    private const string ExpiresAt = "expires_at";

    /// <summary>Far more than any field may have, far less than a file whose quotation marks are never closed.</summary>
    private const int LongestField = 10_000;

    private const string ExpectedHeader =
        $"expected a header of {ContactId},{Channel},{Reason},{ExpiresAt} (the second and the last may be left out)";

    private bool _isBadlyQuoted;

    public long FaultCount { get; private set; }

    /// <summary>Ends with the first faulty line; those after it are only checked.</summary>
    /// <exception cref="InvalidDataException">After the last line, where any was faulty.</exception>
    public async IAsyncEnumerable<SuppressedContact> Read([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var parser = new CsvParser(text, Configuration());
        var columns = await ReadHeader(parser);
        while (columns is not null && await ReadLine(parser))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Contact(parser, columns) is { } contact && FaultCount == 0)
            {
                yield return contact;
            }
        }

        if (FaultCount > 0)
        {
            throw new InvalidDataException($"faults: {FaultCount:N0}");
        }
    }

    private CsvConfiguration Configuration() =>
        new(CultureInfo.InvariantCulture)
        {
            Delimiter = ",",
            TrimOptions = TrimOptions.Trim,
            MaxFieldSize = LongestField,
            BadDataFound = _ => _isBadlyQuoted = true,
        };

    private async Task<Dictionary<string, int>?> ReadHeader(CsvParser parser)
    {
        if (!await ReadLine(parser))
        {
            if (FaultCount == 0)
            {
                Report(1, $"{ExpectedHeader}, the file is empty");
            }

            return null;
        }

        var names = parser.Record!.Select(name => name.ToLowerInvariant()).ToList();
        var isKnown = names.All(name => name is ContactId or Channel or Reason or ExpiresAt);
        if (isKnown && names.Distinct().Count() == names.Count && names.Contains(ContactId) && names.Contains(Reason))
        {
            return names.Index().ToDictionary(column => column.Item, column => column.Index);
        }

        Report(parser.RawRow, $"{ExpectedHeader}, got \"{Shortened(string.Join(',', names))}\"");
        return null;
    }

    private async Task<bool> ReadLine(CsvParser parser)
    {
        _isBadlyQuoted = false;
        try
        {
            return await parser.ReadAsync();
        }
        catch (MaxFieldSizeException)
        {
            Report(
                parser.RawRow,
                $"expected fields of at most {LongestField:N0} characters: is a quotation mark never closed? "
                    + "The lines after it are not read"
            );
            return false;
        }
    }

    private SuppressedContact? Contact(CsvParser parser, Dictionary<string, int> columns)
    {
        var line = parser.RawRow;
        var fields = parser.Record!;
        if (_isBadlyQuoted)
        {
            Report(line, "expected quotation marks around a whole field, and doubled inside of it");
            return null;
        }

        if (fields.Length != columns.Count)
        {
            Report(
                line,
                $"expected {columns.Count} fields, got {fields.Length}: a reason with a comma stands in quotation marks"
            );
            return null;
        }

        var faults = FaultCount;
        var contact = new SuppressedContact
        {
            ContactId = ReadContactId(line, fields[columns[ContactId]]),
            Channel = ReadChannel(line, Optional(Channel)),
            Reason = ReadReason(line, fields[columns[Reason]]),
            ExpiresAt = ReadExpiry(line, Optional(ExpiresAt)),
        };
        return faults == FaultCount ? contact : null;

        string Optional(string column) => columns.TryGetValue(column, out var index) ? fields[index] : "";
    }

    private Guid ReadContactId(long line, string text)
    {
        if (!Guid.TryParseExact(text, "D", out var contactId))
        {
            Report(line, $"{ContactId}: expected a uuid, got \"{Shortened(text)}\"");
        }

        return contactId;
    }

    private string ReadChannel(long line, string text)
    {
        var channel = SuppressionChannel.Parse(text);
        if (channel is null)
        {
            Report(line, $"{Channel}: expected {SuppressionChannel.Expected}, got \"{Shortened(text)}\"");
        }

        return channel ?? "";
    }

    private string ReadReason(long line, string text)
    {
        if (!SuppressionReason.IsValid(text))
        {
            Report(line, $"{Reason}: expected {SuppressionReason.Expected}, got {text.Length} characters");
        }

        return text;
    }

    private DateTimeOffset? ReadExpiry(long line, string text)
    {
        var time = SuppressionTime.Parse(text);
        if (time is null && text.Length > 0)
        {
            Report(line, $"{ExpiresAt}: expected {SuppressionTime.Expected}, or nothing, got \"{Shortened(text)}\"");
        }

        // It would take the place of an entry that holds, and let the contact be written to.
        if (time <= now)
        {
            Report(
                line,
                $"{ExpiresAt}: expected a time to come, or nothing, got \"{Shortened(text)}\": leave the line out"
            );
        }

        return time;
    }

    private void Report(long line, string message)
    {
        FaultCount++;
        report(new SuppressionFault(line, message));
    }

    private static string Shortened(string text) => text.Length > 80 ? text[..80] + "…" : text;
}
