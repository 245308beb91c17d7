using CampaignSender.Host.Commands;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

/// <summary>Whatever is typed is answered with what was expected, before anything is done.</summary>
internal sealed class When_arguments_are_wrong
{
    private const string Id = "5b0c1d2e-8f3a-4c6b-9d7e-0a1b2c3d4e5f";

    [TestCase("parked drop notanid --yes", "id: expected the id of a parked page, got notanid")]
    [TestCase($"parked drop {Id} notanid", "id: expected the id of a parked page, got notanid")]
    [TestCase("parked drop --yes", "expected ids, --campaign, --reason or --all")]
    [TestCase("parked redrive", "expected ids, --campaign, --reason or --all")]
    [TestCase("parked redrive --reason nonsense", "campaign_not_sending")]
    [TestCase("parked list --campaign x", "--campaign: expected a UUID, got x")]
    [TestCase(
        "safety clear --campaign 00000000-0000-0000-0000-000000000000",
        "--campaign: expected a UUID, got 00000000-0000-0000-0000-000000000000"
    )]
    [TestCase("dlq list --campaign x", "--campaign: expected a UUID, got x")]
    [TestCase("dlq replay --reason nonsense", "malformed_payload")]
    [TestCase($"campaign retry-failed {Id} --reason dispatch_4XX", "dispatch_4xx")]
    [TestCase($"campaign failures {Id} --reason nonsense", "contact_not_found")]
    [TestCase("inbox limit x", "inbox-id: expected a UUID, got x")]
    [TestCase("dlq list --limit x", "--limit: expected a whole number from 1")]
    [TestCase("dlq purge --limit 0", "--limit: expected a whole number from 1")]
    [TestCase("dlq show 0", "number: expected a whole number from 1")]
    [TestCase("dlq show x", "number: expected a whole number from 1")]
    [TestCase("dlq show", "")]
    [TestCase("campaign status x", "campaign-id: expected a UUID, got x")]
    [TestCase("campaign status", "")]
    [TestCase($"campaign pack {Id} --page-size 1000001", "--page-size: expected a whole number from 1 to 1000000")]
    [TestCase($"campaign pack {Id} --page-size many", "--page-size: expected a whole number from 1 to 1000000")]
    [TestCase($"campaign pack {Id} --sending nxt", "same")]
    [TestCase($"campaign pack {Id} --sending 1", "next")]
    [TestCase($"campaign dry-run {Id} --limit 1.5", "--limit: expected a whole number from 1")]
    [TestCase("safety set --share 101", "--share: expected a whole number from 0 to 100")]
    [TestCase("safety set --share all", "--share: expected a whole number from 0 to 100")]
    [TestCase("topics provision --partitions -3", "--partitions: expected a whole number from 1")]
    [TestCase("topics provision --retention-hours -3", "--retention-hours: expected a whole number from 1")]
    [TestCase($"inbox limit {Id} --rate x", "--rate: expected a whole number from 0")]
    [TestCase($"inbox limit {Id} --rate 5 --default", "--default: expected without --rate and --capacity")]
    [TestCase($"inbox quota {Id} --messages 0", "--messages: expected a whole number from 1")]
    [TestCase($"inbox quota {Id} --hours 5", "--hours: expected with --messages")]
    [TestCase($"suppression add {Id} --reason r --until yesterday", "--until: expected")]
    [TestCase("window set --zone Nowhere --hours never", "window set:")]
    [TestCase("completion fish", "bash")]
    public void It_is_said_what_was_expected(string line, string expected)
    {
        var errors = CommandLine.Build().Parse(line).Errors.Select(error => error.Message).ToList();

        Assert.That(errors, Is.Not.Empty);
        Assert.That(string.Join('\n', errors), Does.Contain(expected));
    }
}
