using System.Globalization;
using Spectre.Console;

namespace CampaignSender.Sandbox.Demo;

/// <summary>A picture on the terminal that is drawn anew several times a second.</summary>
internal sealed class LiveView(IAnsiConsole console, TimeProvider time) : IDemoView
{
    private const int BarWidth = 30;
    private const int EventsShown = 6;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    public void Say(string line) => console.MarkupLineInterpolated($"[grey]{line}[/]");

    public Task Follow(
        Func<CancellationToken, Task<DemoSnapshot>> look,
        Task story,
        CancellationToken cancellationToken
    ) =>
        console
            .Live(new Text(""))
            .StartAsync(async live =>
            {
                while (!story.IsCompleted)
                {
                    live.UpdateTarget(Picture(await look(cancellationToken)));
                    await Task.WhenAny(story, Task.Delay(Interval, time, cancellationToken));
                }

                live.UpdateTarget(Picture(await look(cancellationToken)));
                await story;
            });

    private static Rows Picture(DemoSnapshot snapshot)
    {
        var events = snapshot
            .Events.TakeLast(EventsShown)
            .Select(happened => new Markup($"[grey]•[/] {Markup.Escape(happened)}"));
        return new Rows([Campaigns(snapshot), Queues(snapshot), .. events]);
    }

    private static Table Campaigns(DemoSnapshot snapshot)
    {
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        table.AddColumns("Campaign", "", "");
        foreach (var name in (string[])["sent", "failed", "skipped", "pending"])
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (var campaign in snapshot.Campaigns)
        {
            table.AddRow(
                $"[bold]{Markup.Escape(campaign.Title)}[/]",
                Bar(campaign),
                State(campaign.State),
                $"[green]{Number(campaign.Counts.Sent)}[/]",
                $"[red]{Number(campaign.Counts.Failed)}[/]",
                $"[yellow]{Number(campaign.Counts.Skipped)}[/]",
                Number(campaign.Counts.Pending)
            );
        }

        return table;
    }

    private static Markup Queues(DemoSnapshot snapshot) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"[bold]{snapshot.Rate:0}[/] contacts/s   {snapshot.Lag} pages waiting   {snapshot.Parked} parked   "
                    + $"{snapshot.DeadLettered} dead letters   {snapshot.Elapsed.TotalSeconds:0} s"
            )
        );

    private static string Bar(CampaignProgress campaign)
    {
        var filled = (int)Math.Floor(campaign.Share * BarWidth);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[green]{new string('━', filled)}[/][grey]{new string('━', BarWidth - filled)}[/] {campaign.Share, 4:P0}"
        );
    }

    private static string State(string state) => state is "paused" ? $"[yellow]{state}[/]" : state;

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
