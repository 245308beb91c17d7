using System.Text.RegularExpressions;
using CampaignSender.Tests.Sending;
using NUnit.Framework;

namespace CampaignSender.Tests.Monitoring;

/// <summary><c>docs/metrics.md</c>, beside a replica at work and a real Prometheus that watches it.</summary>
internal sealed partial class When_the_queries_of_the_docs_are_asked : SendingTest
{
    [OneTimeSetUp]
    public Task Install() => PrometheusServer.Install(CancellationToken.None);

    [Test, CancelAfter(90_000)]
    public async Task Each_has_an_answer_and_every_metric_is_named(CancellationToken cancellationToken)
    {
        var docs = await File.ReadAllTextAsync(Repository.PathOf("docs/metrics.md"), cancellationToken);
        var queries = Query().Matches(docs).Select(query => query.Groups["text"].Value).ToList();
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("RateLimit:RefillRate", "10"),
            ("RateLimit:Capacity", "1")
        );
        await using var prometheus = await PrometheusServer.Start(replica.Http.BaseAddress!, cancellationToken);
        await prometheus.WaitForScrape(cancellationToken);
        var plan = await Prepare(contacts: 60, pageSize: 20, cancellationToken);
        Scene.Crm.RemoveContact(plan.ContactIds[0]);
        Scene.Crm.LoseAnswers(1);
        await Scene.Publish(plan, cancellationToken);

        Assert.That(queries, Has.Count.GreaterThan(10));
        foreach (var query in queries)
        {
            await prometheus.WaitForAnswer(query, cancellationToken);
        }

        await Scene.WaitForReports(plan, cancellationToken);
        var metrics = Type()
            .Matches(await replica.Http.GetStringAsync("metrics", cancellationToken))
            .Select(metric => metric.Groups["name"].Value);
        Assert.That(
            metrics.Where(metric => !docs.Contains($"`{metric}`", StringComparison.Ordinal)),
            Is.Empty,
            "metrics that the docs do not name"
        );
    }

    [GeneratedRegex(@"^# TYPE (?<name>campaign_sender_\w+) ", RegexOptions.Multiline)]
    private static partial Regex Type();

    [GeneratedRegex(@"```promql\n(?<text>[^`]+)\n```")]
    private static partial Regex Query();
}
