using System.Text.RegularExpressions;
using CampaignSender.Sandbox.Servers.Programs;
using NUnit.Framework;

namespace CampaignSender.Tests.Monitoring;

internal sealed partial class When_alert_rules_are_read
{
    [OneTimeSetUp]
    public Task Install() => PrometheusServer.Install(CancellationToken.None);

    [TestCaseSource(nameof(Files))]
    public async Task Prometheus_own_tool_finds_no_fault(string verb, string file)
    {
        var (exitCode, output) = await Command.Run(
            PrometheusServer.RuleTool,
            [verb, "rules", file],
            CancellationToken.None
        );

        Assert.That(exitCode, Is.Zero, output);
    }

    [Test]
    public async Task Each_has_a_runbook_that_is_written()
    {
        var headings = Heading()
            .Matches(await File.ReadAllTextAsync(AlertRules.Runbook))
            .Select(heading => heading.Groups["title"].Value.ToLowerInvariant());

        var rules = await File.ReadAllTextAsync(AlertRules.File);
        var names = Alert().Matches(rules).Select(alert => alert.Groups["name"].Value.ToLowerInvariant()).ToList();
        var links = Link().Matches(rules).Select(link => link.Groups["anchor"].Value);

        Assert.That(names, Is.Not.Empty);
        Assert.That(links, Is.EqualTo(names));
        Assert.That(names, Is.SubsetOf(headings));
    }

    private static IEnumerable<TestCaseData> Files() =>
        [new("check", AlertRules.File), new("check", AlertRules.RecordingFile), new("test", AlertRules.TestFile)];

    [GeneratedRegex(@"^### (?<title>\w+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"- alert: (?<name>\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"runbook: docs/operations\.md#(?<anchor>\w+)")]
    private static partial Regex Link();
}
