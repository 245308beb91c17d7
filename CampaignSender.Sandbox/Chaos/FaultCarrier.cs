using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>Breaks the real things, each for its time, and leaves them whole.</summary>
internal sealed class FaultCarrier(
    Stage stage,
    BrokerKind broker,
    CrmTroubles crm,
    ChaosCampaigns campaigns,
    PageFeed feed,
    Silences silences,
    IReadOnlyList<SupervisedReplica> replicas,
    Patience patience,
    TimeProvider time
)
{
    /// <summary>Of the messages: what became of one must not be told by how its post went wrong.</summary>
    private const double Half = 0.5;

    private LocalServer Broker => broker is BrokerKind.Kafka ? stage.Servers.Kafka : stage.Servers.RabbitMq;

    public Task CarryOut(PlannedFault fault, CancellationToken cancellationToken) =>
        fault.Kind switch
        {
            FaultKind.ReplicaKill => Kill(replicas[fault.Target]),
            FaultKind.ReplicaFreeze => Freeze(replicas[fault.Target], fault, cancellationToken),
            FaultKind.ReplicaCutOff => Cut(stage.Links[fault.Target], fault, cancellationToken),
            FaultKind.ReplicaStop => replicas[fault.Target].Stop(cancellationToken),
            FaultKind.PostgreSqlRestart => Restart(stage.Servers.PostgreSql, fault, cancellationToken),
            FaultKind.PostgreSqlKill => KillAndStart(stage.Servers.PostgreSql, fault, cancellationToken),
            FaultKind.PostgreSqlFreeze => Freeze(stage.Servers.PostgreSql, fault, cancellationToken),
            FaultKind.BrokerRestart => Restart(Broker, fault, cancellationToken),
            FaultKind.BrokerKill => KillAndStart(Broker, fault, cancellationToken),
            FaultKind.BrokerFreeze => Freeze(Broker, fault, cancellationToken),
            FaultKind.CrmRestart or FaultKind.CrmOutage => crm.BeAway(fault.Duration, cancellationToken),
            FaultKind.CrmSlow => crm.BeSlow(fault.Latency, fault.Duration, cancellationToken),
            FaultKind.CampaignPause => Pause(campaigns[fault.Target], fault.Duration, cancellationToken),
            FaultKind.CampaignRepack => Repack(campaigns[fault.Target], fault.Duration, cancellationToken),
            FaultKind.CampaignStop => Silence(
                campaigns[fault.Target],
                CampaignRows.Stopped,
                ControlAction.Stop,
                cancellationToken
            ),
            _ => crm.GoWrong(Rule(fault), fault.Duration, cancellationToken),
        };

    private static FaultRule Rule(PlannedFault fault)
    {
        var rule = new FaultRule { Share = fault.Share };
        return fault.Kind switch
        {
            FaultKind.CrmAnswersCut => rule with
            {
                Kind = CrmRequestKind.Post,
                IsCarriedOut = true,
                IsCutAfterHeaders = true,
            },
            FaultKind.CrmAnswersLost => rule with { Kind = CrmRequestKind.Post, ShareCarriedOut = Half },
            FaultKind.CrmBadGateway => rule with { Kind = CrmRequestKind.Post, ShareCarriedOut = Half, Status = 502 },
            FaultKind.CrmUnavailable => rule with { ShareCarriedOut = Half, Status = 503 },
            FaultKind.CrmThrottling => rule with { Status = 429, RetryAfter = fault.RetryAfter },
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Kind, "No fault of the CRM's answers"),
        };
    }

    private static Task Kill(SupervisedReplica replica)
    {
        replica.Kill();
        return Task.CompletedTask;
    }

    /// <summary>A heartbeat of RabbitMQ's would last longer than the freeze: others must get its pages for there to be a rival.</summary>
    private Task Freeze(SupervisedReplica replica, PlannedFault fault, CancellationToken cancellationToken) =>
        Task.WhenAll(
            replica.Freeze(fault.Duration, cancellationToken),
            feed.DeliverAgain(stage.Reports.First, cancellationToken)
        );

    private async Task Cut(NetworkLink link, PlannedFault fault, CancellationToken cancellationToken)
    {
        link.Cut();
        try
        {
            await Task.Delay(fault.Duration, time, cancellationToken);
        }
        finally
        {
            link.Heal();
        }
    }

    private async Task Restart(LocalServer server, PlannedFault fault, CancellationToken cancellationToken)
    {
        await server.Stop(cancellationToken);
        await Task.Delay(fault.Duration, time, cancellationToken);
        await server.Start(cancellationToken);
    }

    private async Task KillAndStart(LocalServer server, PlannedFault fault, CancellationToken cancellationToken)
    {
        await server.Kill(cancellationToken);
        await Task.Delay(fault.Duration, time, cancellationToken);
        await server.Start(cancellationToken);
    }

    private async Task Freeze(LocalServer server, PlannedFault fault, CancellationToken cancellationToken)
    {
        await server.Freeze(cancellationToken);
        await Task.Delay(fault.Duration, time, cancellationToken);
        await server.Thaw(cancellationToken);
    }

    private async Task Pause(CampaignPlan campaign, TimeSpan duration, CancellationToken cancellationToken)
    {
        await Silence(campaign, CampaignRows.Paused, ControlAction.Pause, cancellationToken);
        await Task.Delay(duration, time, cancellationToken);
        silences.End(campaign.CampaignId);
        await SetStatus(campaign, CampaignRows.Sending, cancellationToken);
        await Publish(campaign, ControlAction.Resume, cancellationToken);
    }

    private async Task Repack(CampaignPlan campaign, TimeSpan duration, CancellationToken cancellationToken)
    {
        await patience.Insist(token => stage.Rows.Empty(campaign, token), cancellationToken);
        await Task.Delay(duration, time, cancellationToken);
        await patience.Insist(token => stage.Rows.Fill(campaign, token), cancellationToken);
        foreach (var page in campaign.Pages())
        {
            await patience.Insist(token => stage.Broker.Publish(page, token), cancellationToken);
        }
    }

    /// <summary>As evo-flow's REST API does: the row first, the message then.</summary>
    private async Task Silence(
        CampaignPlan campaign,
        int status,
        ControlAction action,
        CancellationToken cancellationToken
    )
    {
        await SetStatus(campaign, status, cancellationToken);
        silences.Begin(campaign.CampaignId);
        await Publish(campaign, action, cancellationToken);
    }

    private Task SetStatus(CampaignPlan campaign, int status, CancellationToken cancellationToken) =>
        patience.Insist(token => stage.Rows.SetStatus(campaign.CampaignId, status, token), cancellationToken);

    private Task Publish(CampaignPlan campaign, ControlAction action, CancellationToken cancellationToken) =>
        patience.Insist(token => stage.Broker.Publish(campaign.CampaignId, action, token), cancellationToken);
}
