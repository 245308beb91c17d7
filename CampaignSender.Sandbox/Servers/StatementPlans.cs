using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;

namespace CampaignSender.Sandbox.Servers;

/// <summary>The plans that PostgreSQL's module <c>auto_explain</c> writes to the server's log.</summary>
internal sealed partial class StatementPlans(PostgreSqlAddress address)
{
    private const string LogFile = "plans.log";

    /// <summary>What a server needs so that they can be read: a log of its own, that begins no line with anything.</summary>
    public static IReadOnlyList<string> Settings { get; } =
    [
        "logging_collector=on",
        "log_directory=log",
        $"log_filename={LogFile}",
        "log_line_prefix=",
        "auto_explain.log_analyze=on",
        "auto_explain.log_buffers=on",
    ];

    /// <summary>From now on the server logs the plan of each statement. False: it has no such log, or is somebody's.</summary>
    public async Task<bool> TryLog(CancellationToken cancellationToken)
    {
        await using var connection = await address.Open(cancellationToken);
        var file = await connection.ExecuteScalarAsync<string>(
            new CommandDefinition("select current_setting('log_filename')", cancellationToken: cancellationToken)
        );
        if (file is not LogFile)
        {
            return false;
        }

        await connection.ExecuteAsync(
            new CommandDefinition(
                "alter system set auto_explain.log_min_duration = 0",
                cancellationToken: cancellationToken
            )
        );
        await connection.ExecuteAsync(
            new CommandDefinition("select pg_reload_conf()", cancellationToken: cancellationToken)
        );
        return true;
    }

    /// <summary>Of each statement the plan of the execution that took the median time, the dearest first.</summary>
    public async Task<IReadOnlyList<StatementPlan>> Read(CancellationToken cancellationToken)
    {
        await using var connection = await address.Open(cancellationToken);
        var log = await connection.ExecuteScalarAsync<string>(
            new CommandDefinition($"select pg_read_file('log/{LogFile}')", cancellationToken: cancellationToken)
        );
        return
        [
            .. Entry()
                .Matches(log ?? "")
                .Select(Read)
                .GroupBy(plan => string.Join('\n', plan.Statement))
                .Select(executions => executions.OrderBy(plan => plan.Milliseconds).ElementAt(executions.Count() / 2))
                .OrderByDescending(plan => plan.Milliseconds),
        ];
    }

    private static StatementPlan Read(Match entry)
    {
        var lines = entry.Groups["line"].Captures.Select(line => line.Value).ToList();
        // The first node of a plan is the first line that tells what it cost.
        var plan = lines.FindIndex(line => line.Contains("(cost=", StringComparison.Ordinal));
        return new StatementPlan
        {
            Statement = lines[..plan],
            Milliseconds = double.Parse(entry.Groups["duration"].Value, CultureInfo.InvariantCulture),
            Plan = lines[plan..],
        };
    }

    [GeneratedRegex(
        @"^LOG:  duration: (?<duration>[\d.]+) ms  plan:\n\tQuery Text: (?<line>[^\n]*)\n(\t(?<line>[^\n]*)\n)*",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Entry();
}
