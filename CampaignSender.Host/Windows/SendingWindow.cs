using NodaTime;
using NodaTime.Text;

namespace CampaignSender.Host.Windows;

/// <summary>When contacts may be written to, by the clocks of a time zone.</summary>
internal sealed class SendingWindow
{
    /// <summary>Further ahead no opening is looked for.</summary>
    private static readonly Duration Horizon = Duration.FromDays(366);

    private static readonly Duration Step = Duration.FromMinutes(OpenHours.StepMinutes);

    private readonly DateTimeZone _zone;
    private readonly IReadOnlyList<OpenHours> _hours;
    private readonly HashSet<LocalDate> _holidays;

    private SendingWindow(DateTimeZone zone, IReadOnlyList<OpenHours> hours, HashSet<LocalDate> holidays)
    {
        _zone = zone;
        _hours = hours;
        _holidays = holidays;
    }

    /// <summary>Stands for a window that cannot be read: better late than at night.</summary>
    public static SendingWindow Closed { get; } = new(DateTimeZone.Utc, [], []);

    /// <exception cref="InvalidDataException">It is none; the message says what was expected.</exception>
    public static SendingWindow From(WindowSetting setting)
    {
        var zone =
            DateTimeZoneProviders.Tzdb.GetZoneOrNull(setting.Zone)
            ?? throw new InvalidDataException(
                $"expected a time zone such as America/Sao_Paulo or Europe/Berlin, got \"{setting.Zone}\""
            );
        return new SendingWindow(zone, [.. setting.Hours.Select(HoursFrom)], [.. setting.Holidays.Select(HolidayFrom)]);
    }

    public bool IsOpen(DateTimeOffset now) => IsOpen(Instant.FromDateTimeOffset(now));

    /// <summary>The first moment after now that it is open; null: within a year there is none.</summary>
    public DateTimeOffset? NextOpening(DateTimeOffset now)
    {
        // Clocks that are put forward or back need no rule of their own: each quarter of an hour is looked at.
        var from = Instant.FromDateTimeOffset(now);
        var sinceStep = Duration.FromTicks(from.ToUnixTimeTicks() % Step.BclCompatibleTicks);
        for (var time = from - sinceStep + Step; time < from + Horizon; time += Step)
        {
            if (IsOpen(time))
            {
                return time.ToDateTimeOffset();
            }
        }

        return null;
    }

    /// <summary>A moment as the clocks of the window's zone show it.</summary>
    public DateTimeOffset InZone(DateTimeOffset time) =>
        Instant.FromDateTimeOffset(time).InZone(_zone).ToDateTimeOffset();

    private bool IsOpen(Instant now)
    {
        var local = now.InZone(_zone).LocalDateTime;
        return _hours.Any(hours => hours.Contain(local)) && !_holidays.Contains(local.Date);
    }

    private static OpenHours HoursFrom(string text) =>
        OpenHours.Parse(text) ?? throw new InvalidDataException($"expected {OpenHours.Expected}, got \"{text}\"");

    private static LocalDate HolidayFrom(string text) =>
        LocalDatePattern.Iso.Parse(text) is { Success: true } day
            ? day.Value
            : throw new InvalidDataException($"expected a day such as 2026-12-25, got \"{text}\"");
}
