using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignSender.Host.Commands;

/// <summary>What commands read and write alike.</summary>
internal static class CommandText
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Argument<Guid> CampaignArgument() => IdOption.Argument("campaign-id", "The campaign's id");

    /// <param name="what">What is set for all campaigns or for one.</param>
    public static Option<Guid?> CampaignOption(string what) =>
        IdOption.Create("--campaign", $"The campaign's id; without it: all that have no {what} of their own");

    public static Option<bool> DryRunOption() => new("--dry-run") { Description = "Only tell what would be done" };

    public static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonOptions);

    /// <summary>An array on the standard output, written as it is read.</summary>
    public static async Task WriteJson<T>(IAsyncEnumerable<T> values, CancellationToken cancellationToken)
    {
        await using var output = Console.OpenStandardOutput();
        await JsonSerializer.SerializeAsync(output, values, JsonOptions, cancellationToken);
    }

    /// <summary>Without what a terminal would obey: texts of others are shown as they are, and do nothing.</summary>
    public static string Printable(string text) =>
        string.Concat(text.Select(each => char.IsControl(each) && each is not '\n' ? '\uFFFD' : each));

    /// <summary>Such as <c>3 min 55 s</c> or <c>1 d 2 h 26 min</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        var whole = TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds));
        (int Number, string Unit)[] parts =
        [
            (whole.Days, "d"),
            (whole.Hours, "h"),
            (whole.Minutes, "min"),
            // Beside hours nobody asks for them.
            (whole.TotalHours < 1 ? whole.Seconds : 0, "s"),
        ];
        var said = parts.Where(part => part.Number > 0).Select(part => $"{part.Number:N0} {part.Unit}");
        return whole > TimeSpan.Zero ? string.Join(' ', said) : "0 s";
    }

    /// <summary>Such as <c>1 page</c> or <c>1,200 pages</c>.</summary>
    public static string Count(long number, string what) => $"{number:N0} {Counted(number, what)}";

    /// <summary>What so many are called, such as <c>page</c> or <c>pages</c>.</summary>
    public static string Counted(long number, string what) => number == 1 ? what : $"{what}s";

    /// <summary>A number of contacts or pages, right-aligned, and what they are.</summary>
    public static string Line(long number, string what) => $"{number, 12:N0}  {what}";
}
