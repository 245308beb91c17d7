using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Servers;

/// <summary>For what comes true by itself and gives no signal of it: within the time that the test has.</summary>
internal static class Eventually
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Many tests wait side by side, and most ask a database each time.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    public static Task Holds(
        Func<bool> condition,
        CancellationToken cancellationToken,
        [CallerArgumentExpression(nameof(condition))] string what = ""
    ) => Holds(() => Task.FromResult(condition()), cancellationToken, what);

    public static async Task Holds(
        Func<Task<bool>> condition,
        CancellationToken cancellationToken,
        [CallerArgumentExpression(nameof(condition))] string what = ""
    )
    {
        try
        {
            for (var pause = ShortestPause; !await condition(); pause = Longer(pause))
            {
                await Task.Delay(pause, TimeProvider.System, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"It has not come true in time: {what}");
        }
    }

    /// <summary>A statement waits for what this connection has locked.</summary>
    public static Task Blocks(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        // Not in pg_stat_activity: a transaction sees the sessions there that were open when it first looked.
        Holds(
            () =>
                connection.ExecuteScalarAsync<bool>(
                    """
                    SELECT EXISTS (
                        SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
                    )
                    """
                ),
            cancellationToken
        );

    private static TimeSpan Longer(TimeSpan pause) => pause < LongestPause ? pause * 1.5 : LongestPause;
}
