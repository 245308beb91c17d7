using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Demo;

/// <summary>What happens in the demo: both campaigns are sent, one of them is paused on the way.</summary>
internal sealed class DemoStory(Stage stage, DemoSetting setting, TimeProvider time)
{
    private const double PauseAt = 0.35;

    private static readonly TimeSpan PauseTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestTime = TimeSpan.FromMinutes(4);

    private readonly List<string> _events = [];
    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();
    private DemoSnapshot? _before;

    private bool _paused;

    public async Task Tell(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(LongestTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        await Publish(either.Token);
        await PauseAndResume(setting.BlackFriday, either.Token);
        foreach (var campaign in setting.Campaigns)
        {
            await stage.Reports.WaitForPages(campaign.CampaignId, campaign.PageCount, either.Token);
        }

        Say("All pages are reported on campaigns.tracked");
    }

    public async Task<DemoSnapshot> Look(CancellationToken cancellationToken)
    {
        var campaigns = new List<CampaignProgress>();
        foreach (var plan in setting.Campaigns)
        {
            var counts = await stage.Rows.Count(plan.CampaignId, cancellationToken);
            campaigns.Add(new CampaignProgress(plan.Title, plan.ContactIds.Count, counts, State(plan, counts)));
        }

        var snapshot = new DemoSnapshot
        {
            Elapsed = time.GetElapsedTime(_started),
            Campaigns = campaigns,
            Rate = 0,
            Parked = await stage.Rows.CountParked(cancellationToken),
            Lag = await stage.Broker.CountWaitingPages(cancellationToken),
            DeadLettered = await stage.Broker.CountDeadLetters(cancellationToken),
            Events = Events(),
        };
        var before = _before ?? snapshot;
        _before = snapshot;
        var seconds = (snapshot.Elapsed - before.Elapsed).TotalSeconds;
        return snapshot with { Rate = seconds > 0 ? (Settled(snapshot) - Settled(before)) / seconds : 0 };
    }

    private async Task Publish(CancellationToken cancellationToken)
    {
        var messages = setting
            .Campaigns.SelectMany(campaign => campaign.Pages())
            .Select(MessageWriter.Write)
            .Concat(setting.InvalidMessages)
            .ToArray();
        // The same order every time, with the invalid ones among the others.
        new Random(1).Shuffle(messages);
        foreach (var message in messages)
        {
            await stage.Broker.Publish(Topics.Send, message, cancellationToken);
        }

        Say(
            $"{messages.Length} messages are published on campaigns.send, {setting.InvalidMessages.Count} of them invalid"
        );
    }

    private async Task PauseAndResume(CampaignPlan plan, CancellationToken cancellationToken)
    {
        while ((await stage.Rows.Count(plan.CampaignId, cancellationToken)).Settled < PauseAt * plan.ContactIds.Count)
        {
            await Task.Delay(PollTime, time, cancellationToken);
        }

        await stage.Rows.SetStatus(plan.CampaignId, CampaignRows.Paused, cancellationToken);
        await stage.Broker.Publish(plan.CampaignId, ControlAction.Pause, cancellationToken);
        _paused = true;
        Say($"{plan.Title} is paused");

        await Task.Delay(SettleTime, time, cancellationToken);
        var atPause = stage.Crm.Messages(plan.CampaignId).Count;
        await Task.Delay(PauseTime, time, cancellationToken);
        var since = stage.Crm.Messages(plan.CampaignId).Count - atPause;
        Say(
            $"{since} of its messages reached the CRM in the {PauseTime.TotalSeconds:0} s that followed, its pages are parked"
        );

        await stage.Rows.SetStatus(plan.CampaignId, CampaignRows.Sending, cancellationToken);
        await stage.Broker.Publish(plan.CampaignId, ControlAction.Resume, cancellationToken);
        _paused = false;
        Say($"{plan.Title} is resumed; nothing is published again by hand");
    }

    private string State(CampaignPlan plan, ContactCounts counts) =>
        counts.Pending == 0 ? "done"
        : _paused && plan == setting.BlackFriday ? "paused"
        : "sending";

    private static long Settled(DemoSnapshot snapshot) => snapshot.Campaigns.Sum(campaign => campaign.Counts.Settled);

    private void Say(string happened)
    {
        lock (_lock)
        {
            _events.Add(happened);
        }
    }

    private string[] Events()
    {
        lock (_lock)
        {
            return [.. _events];
        }
    }
}
