using System.Text.RegularExpressions;
using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Stages;
using CampaignSender.Tests.Sending;
using NUnit.Framework;

namespace CampaignSender.Tests.Monitoring;

/// <summary>
/// The dashboard, the recording rules and <c>docs/metrics.md</c>, beside a replica that has a bit of everything to do, and
/// a real Prometheus that watches it.
/// </summary>
[TestFixture(BrokerKind.Kafka)]
internal sealed partial class When_dashboard_rules_and_docs_ask(BrokerKind broker) : SendingTest(broker)
{
    private static readonly string Docs = File.ReadAllText(Repository.PathOf("docs/metrics.md"));

    [OneTimeSetUp]
    public Task Install() => PrometheusServer.Install(CancellationToken.None);

    [Test]
    public void Every_panel_has_a_title_and_its_own_place()
    {
        var panels = Dashboard.Panels().ToList();

        Assert.That(panels, Has.Count.GreaterThan(30));
        Assert.That(panels.Select(panel => panel.GetProperty("id").GetInt32()), Is.Unique);
        Assert.That(panels.Select(panel => panel.GetProperty("title").GetString()), Has.None.Empty);
        Assert.That(panels.Select(panel => panel.GetProperty("gridPos").ToString()), Is.Unique);
    }

    /// <summary>Of an hour that is asked for, the last number there was would be shown, however long ago.</summary>
    [Test]
    public void One_that_shows_a_number_shows_that_of_now_or_that_there_is_none()
    {
        var stats = Dashboard.Panels().Where(panel => panel.GetProperty("type").GetString() == "stat").ToList();

        Assert.That(stats, Has.Count.GreaterThan(5));
        foreach (var stat in stats)
        {
            var title = stat.GetProperty("title").GetString();
            var defaults = stat.GetProperty("fieldConfig").GetProperty("defaults");
            Assert.That(
                stat.GetProperty("targets")
                    .EnumerateArray()
                    .Select(target => target.GetProperty("instant").GetBoolean()),
                Is.All.True,
                title
            );
            Assert.That(defaults.TryGetProperty("noValue", out _), title);
        }
    }

    [Test]
    public void The_dashboard_shows_all_that_the_docs_name()
    {
        var shown = string.Join('\n', Dashboard.Queries.Select(query => query.Expression));

        var named = Row()
            .Matches(Docs)
            .SelectMany(row => Name().Matches(row.Value))
            .Select(name => name.Value)
            .ToList();

        Assert.That(named, Has.Count.GreaterThan(20));
        Assert.That(named.Where(name => !shown.Contains(name, StringComparison.Ordinal)), Is.Empty);
    }

    [Test, CancelAfter(120_000)]
    public async Task Each_query_has_an_answer_and_every_metric_is_named(CancellationToken cancellationToken)
    {
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("RateLimit:RefillRate", "5"),
            ("RateLimit:Capacity", "1")
        );
        await using var prometheus = await PrometheusServer.Start([replica.Http.BaseAddress!], cancellationToken);
        await prometheus.WaitForScrape(cancellationToken);
        var plan = await Prepare(contacts: 20, pageSize: 10, cancellationToken);
        await ProvokeSomeOfEverything(plan, cancellationToken);

        (string Source, string Expression)[] queries =
        [
            .. Query().Matches(Docs).Select(query => ("docs/metrics.md", query.Groups["text"].Value)),
            .. Record()
                .Matches(await File.ReadAllTextAsync(AlertRules.RecordingFile, cancellationToken))
                .Select(record => ("recording.yml", record.Groups["name"].Value)),
            .. Dashboard.Queries,
        ];
        Assert.That(queries, Has.Length.GreaterThan(60));
        var answers = await Task.WhenAll(
            queries.Select(query => HasAnswer(prometheus, query.Expression, cancellationToken))
        );
        Assert.That(
            queries.Zip(answers).Where(query => !query.Second).Select(query => query.First.ToString()),
            Is.Empty,
            "queries without an answer"
        );

        await Scene.WaitForReports(plan, cancellationToken);
        var metrics = Type()
            .Matches(await replica.Http.GetStringAsync("metrics", cancellationToken))
            .Select(metric => metric.Groups["name"].Value);
        Assert.That(
            metrics.Where(metric => !Docs.Contains($"`{metric}`", StringComparison.Ordinal)),
            Is.Empty,
            "metrics that the docs do not name"
        );
    }

    private static async Task<bool> HasAnswer(
        PrometheusServer prometheus,
        string expression,
        CancellationToken cancellationToken
    )
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(TimeSpan.FromSeconds(40));
        try
        {
            await prometheus.WaitForAnswer(expression, late.Token);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Pages that are sent, one that waits, one that can never be sent, a contact that fails, a CRM that hesitates.</summary>
    private async Task ProvokeSomeOfEverything(CampaignPlan plan, CancellationToken cancellationToken)
    {
        Scene.Crm.RemoveContact(plan.ContactIds[0]);
        Scene.Crm.LoseAnswers(1);
        Scene.Crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = 429,
                Times = 1,
            }
        );
        var resumed = await Park(cancellationToken);
        await Scene.Order(resumed, ControlAction.Resume, cancellationToken);
        await Scene.WaitForReports(resumed, cancellationToken);
        await Park(cancellationToken);
        await Scene.Broker.Publish(Topics.Send, "{"u8.ToArray(), cancellationToken);
        await Scene.Publish(plan, cancellationToken);
    }

    private async Task<CampaignPlan> Park(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        await Scene.Order(plan, ControlAction.Pause, cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForParked(plan, cancellationToken);
        return plan;
    }

    [GeneratedRegex(@"^# TYPE (?<name>campaign_sender_\w+) ", RegexOptions.Multiline)]
    private static partial Regex Type();

    /// <summary>The first cell of the table.</summary>
    [GeneratedRegex(@"^\| `campaign_sender_[^|]+", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("campaign_sender_[a-z0-9_]+")]
    private static partial Regex Name();

    [GeneratedRegex(@"```promql\n(?<text>[^`]+)\n```")]
    private static partial Regex Query();

    [GeneratedRegex(@"- record: (?<name>\S+)")]
    private static partial Regex Record();
}
