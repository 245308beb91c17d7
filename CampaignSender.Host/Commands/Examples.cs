using System.CommandLine;

namespace CampaignSender.Host.Commands;

/// <summary>What the help of each command shows; a test parses them all.</summary>
internal static class Examples
{
    private const string Id = "5b0c1d2e-8f3a-4c6b-9d7e-0a1b2c3d4e5f";

    private static readonly Dictionary<string, string[]> All = new()
    {
        ["run"] = ["run"],
        ["migrate"] = ["migrate --dry-run"],
        ["check"] = ["check", "check --json"],
        ["health"] = ["health", "health --ready"],
        ["topics provision"] = ["topics provision --partitions 24 --replication 3 --retention-hours 168"],
        ["campaign dry-run"] = [$"campaign dry-run {Id} --limit 500 --samples 5"],
        ["campaign status"] = [$"campaign status {Id} --watch"],
        ["campaign failures"] =
        [
            $"campaign failures {Id} --reason contact_not_found > failures.csv",
            $"campaign failures {Id} --json",
        ],
        ["campaign pack"] = [$"campaign pack {Id} --dry-run", $"campaign pack {Id} --page-size 500"],
        ["campaign retry-failed"] =
        [
            $"campaign retry-failed {Id} --dry-run",
            $"campaign retry-failed {Id} --reason dispatch_4xx --reason outcome_unknown",
        ],
        ["campaign pause"] = [$"campaign pause {Id}"],
        ["campaign resume"] = [$"campaign resume {Id}"],
        ["campaign stop"] = [$"campaign stop {Id} --yes"],
        ["inbox limit"] = [$"inbox limit {Id}", $"inbox limit {Id} --rate 20 --capacity 40"],
        ["inbox quota"] = [$"inbox quota {Id} --messages 1000 --hours 24"],
        ["dlq list"] = ["dlq list --reason malformed_payload"],
        ["dlq show"] = ["dlq show 3"],
        ["dlq replay"] = ["dlq replay --reason no_inbox --dry-run", $"dlq replay --campaign {Id}"],
        ["dlq purge"] = ["dlq purge --reason malformed_payload --limit 10 --yes"],
        ["parked list"] = ["parked list --reason crm_unavailable"],
        ["parked redrive"] = [$"parked redrive --campaign {Id}", "parked redrive --all"],
        ["parked drop"] = [$"parked drop {Id} --yes"],
        ["safety show"] = [$"safety show --campaign {Id}"],
        ["safety set"] =
        [
            $"safety set --campaign {Id} --share 0",
            "safety set --window 500 --min-failures 100 --share 30",
        ],
        ["safety clear"] = [$"safety clear --campaign {Id}"],
        ["suppression add"] = [$"suppression add {Id} --reason \"asked by phone\" --channel whatsapp --days 30"],
        ["suppression remove"] = [$"suppression remove {Id}"],
        ["suppression list"] = [$"suppression list --contact {Id}"],
        ["suppression import"] = ["suppression import list.csv --dry-run"],
        ["window show"] = ["window show"],
        ["window set"] = ["window set --zone America/Sao_Paulo --hours \"mon-fri 09:00-20:00\" --holiday 2026-12-25"],
        ["window clear"] = [$"window clear --campaign {Id}"],
        ["completion"] = ["completion bash"],
    };

    public static IReadOnlyList<string> Of(Command command) => All.GetValueOrDefault(PathOf(command), []);

    /// <summary>The words that call it, without the program's own name.</summary>
    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand
            ? $"{PathOf(parent)} {command.Name}"
            : command.Name;
}
