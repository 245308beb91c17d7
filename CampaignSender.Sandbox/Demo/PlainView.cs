using System.Globalization;

namespace CampaignSender.Sandbox.Demo;

/// <summary>Lines for a log file or a pipe.</summary>
internal sealed class PlainView(TextWriter output, TimeProvider time) : IDemoView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private int _eventsShown;

    public void Say(string line) => output.WriteLine(line);

    public async Task Follow(
        Func<CancellationToken, Task<DemoSnapshot>> look,
        Task story,
        CancellationToken cancellationToken
    )
    {
        while (!story.IsCompleted)
        {
            Show(await look(cancellationToken));
            await Task.WhenAny(story, Task.Delay(Interval, time, cancellationToken));
        }

        Show(await look(cancellationToken));
        await story;
    }

    private void Show(DemoSnapshot snapshot)
    {
        foreach (var happened in snapshot.Events.Skip(_eventsShown))
        {
            output.WriteLine($"  * {happened}");
        }

        _eventsShown = snapshot.Events.Count;
        var campaigns = snapshot.Campaigns.Select(campaign =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{campaign.Title} {campaign.Share:P0} {campaign.State} ({campaign.Counts.Sent} sent, "
                    + $"{campaign.Counts.Failed} failed, {campaign.Counts.Skipped} skipped)"
            )
        );
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{snapshot.Elapsed.TotalSeconds, 5:0} s  {string.Join("; ", campaigns)}; {snapshot.Rate:0} a second, "
                    + $"{snapshot.Lag} pages waiting, {snapshot.Parked} parked, {snapshot.DeadLettered} dead letters"
            )
        );
    }
}
