using System.Globalization;
using CampaignSender.Sandbox.Servers;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>Says what happens, with the time since the start, and keeps it for the report.</summary>
internal sealed class ChaosLog(TextWriter output, TimeProvider time) : IServerLog
{
    private readonly Lock _lock = new();
    private readonly List<ChaosEvent> _events = [];
    private DateTimeOffset _start = time.GetUtcNow();

    public DateTimeOffset Start => _start;

    public TimeSpan Elapsed => time.GetUtcNow() - _start;

    public IReadOnlyList<ChaosEvent> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>The run starts now: times count from here.</summary>
    public void StartClock() => _start = time.GetUtcNow();

    /// <summary>A line without a time.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            output.WriteLine(line);
        }
    }

    /// <summary>Something has happened.</summary>
    public void Tell(string what)
    {
        var elapsed = Elapsed;
        lock (_lock)
        {
            _events.Add(new ChaosEvent(elapsed, what));
            output.WriteLine($"{Stamp(elapsed)}  {what}");
        }
    }

    /// <summary>How things stand, which is no event.</summary>
    public void Show(string state)
    {
        lock (_lock)
        {
            output.WriteLine($"{Stamp(Elapsed)}    {state}");
        }
    }

    public static string Stamp(TimeSpan elapsed) =>
        string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds, 7:0.0} s");
}
