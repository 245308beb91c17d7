using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Reckonings;
using CampaignSender.Sandbox.Stages;
using Spectre.Console;

namespace CampaignSender.Sandbox.Demo;

/// <summary>Sets the stage, tells the story and reckons.</summary>
internal sealed class DemoRun(
    string hostAssembly,
    BrokerKind broker,
    IDemoView view,
    IAnsiConsole console,
    TimeProvider time
)
{
    private const int Replicas = 2;

    /// <summary>Slow enough to watch.</summary>
    private static readonly TimeSpan CrmLatency = TimeSpan.FromMilliseconds(80);

    private static readonly Dictionary<string, string> Variables = new() { ["DISPATCH_CONCURRENCY"] = "20" };

    /// <summary>Whether everything came out.</summary>
    public async Task<bool> Run(CancellationToken cancellationToken)
    {
        view.Say("CampaignSender: two campaigns, two replicas, real servers, a simulated CRM");
        await using var stage = await Stage.Set(
            new StageOptions
            {
                HostAssembly = hostAssembly,
                Broker = broker,
                Replicas = Replicas,
                Crm = new SimulatedCrmOptions { Latency = CrmLatency },
                Variables = Variables,
            },
            view,
            cancellationToken
        );
        var setting = new DemoSetting();
        setting.Prepare(stage.Crm);
        foreach (var campaign in setting.Campaigns)
        {
            await stage.Rows.Insert(campaign, cancellationToken);
        }

        var story = new DemoStory(stage, setting, time);
        await view.Follow(story.Look, story.Tell(cancellationToken), cancellationToken);

        var reckoning = await stage.Reckoner.Reckon(setting.Campaigns, setting.Reachable, cancellationToken);
        return Conclude(reckoning, setting);
    }

    private bool Conclude(Reckoning reckoning, DemoSetting setting)
    {
        var expectedSent = setting.Campaigns.Sum(campaign => setting.Reachable(campaign).Count());
        string[] faults = [.. reckoning.Faults(expectedSent, setting.InvalidMessages.Count)];
        var table = new Table { Title = new TableTitle("The reckoning") }.Border(TableBorder.Rounded);
        table.AddColumns("Database", "CRM", "Broker");
        table.AddRow(
            $"{reckoning.Contacts} contacts",
            $"{reckoning.PostsAtCrm} messages stored",
            $"{reckoning.DeadLettered} invalid messages in the dead-letter queue"
        );
        table.AddRow(
            $"{reckoning.Sent} SENT",
            $"{reckoning.ContactsSentTwice} contacts got two",
            $"{reckoning.Parked} pages parked"
        );
        table.AddRow(
            $"{reckoning.Failed} FAILED, {reckoning.Skipped} SKIPPED",
            $"{reckoning.ContactsNeverSent} reachable contacts got none",
            ""
        );
        table.AddRow($"{reckoning.Pending} PENDING", $"{reckoning.Disagreements} disagree with the database", "");
        console.Write(table);
        foreach (var fault in faults)
        {
            console.MarkupLineInterpolated($"[red]It does not come out: {fault}[/]");
        }

        if (faults.Length == 0)
        {
            console.MarkupLine("[green]It comes out: nobody got a message twice, nobody was forgotten.[/]");
        }

        return faults.Length == 0;
    }
}
