using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace CampaignSender.Host.Windows;

/// <summary>On which days of the week, from when to when: <c>mon-fri 09:00-20:00</c>.</summary>
internal sealed partial record OpenHours
{
    public const string Expected =
        "days and hours such as \"mon-fri 09:00-20:00\" or \"sat,sun 10:00-16:00\", in quarters of an hour, the end after "
        + "the start and 24:00 at the latest";

    private const int MinutesOfDay = 24 * 60;

    /// <summary>All offsets of time zones are multiples of it: hours that are too begin and end at such times of UTC.</summary>
    public const int StepMinutes = 15;

    private const string Day = "(mon|tue|wed|thu|fri|sat|sun)";
    private const string Days = $"{Day}(-{Day})?";

    private static readonly string[] DayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    private readonly HashSet<IsoDayOfWeek> _days;
    private readonly int _from;
    private readonly int _to;

    private OpenHours(string text, HashSet<IsoDayOfWeek> days, int from, int to)
    {
        Text = text;
        _days = days;
        _from = from;
        _to = to;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Null: that is none.</summary>
    public static OpenHours? Parse(string text)
    {
        var normal = text.Trim().ToLowerInvariant();
        if (Pattern().Match(normal) is not { Success: true } match)
        {
            return null;
        }

        var days = match.Groups["days"].Value.Split(',').SelectMany(DaysOf).ToHashSet();
        var (from, to) = (MinuteOf(match.Groups["from"].Value), MinuteOf(match.Groups["to"].Value));
        return from < to && to <= MinutesOfDay && from % StepMinutes == 0 && to % StepMinutes == 0
            ? new OpenHours(normal, days, from, to)
            : null;
    }

    public bool Contain(LocalDateTime time) =>
        _days.Contains(time.DayOfWeek) && time.Hour * 60 + time.Minute is var minute && minute >= _from && minute < _to;

    /// <summary>One day, or from one to the other, over the week's end too.</summary>
    private static IEnumerable<IsoDayOfWeek> DaysOf(string range)
    {
        var first = Array.IndexOf(DayNames, range[..3]);
        var last = Array.IndexOf(DayNames, range[^3..]);
        for (var day = first; ; day = (day + 1) % DayNames.Length)
        {
            yield return (IsoDayOfWeek)(day + 1);
            if (day == last)
            {
                yield break;
            }
        }
    }

    private static int MinuteOf(string time) =>
        int.Parse(time[..2], CultureInfo.InvariantCulture) * 60 + int.Parse(time[3..], CultureInfo.InvariantCulture);

    [GeneratedRegex(
        $"^(?<days>{Days}(,{Days})*) +(?<from>[0-2][0-9]:[0-5][0-9])-(?<to>[0-2][0-9]:[0-5][0-9])$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Pattern();
}
