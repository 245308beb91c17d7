using System.Runtime.InteropServices;

namespace CampaignSender.Host.Commands;

/// <summary>The signal by which somebody ends a command, or the service, before it is done.</summary>
internal static class Interruption
{
    /// <summary>Whatever has not ended by then is left as it is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>As a shell tells it, 128 and the signal's number; null: there was none.</summary>
    public static int? ExitCode { get; private set; }

    /// <summary>The library would watch for signals too, and not tell which one it was.</summary>
    public static async Task<int> Watch(Func<CancellationToken, Task<int>> command)
    {
        using var told = new CancellationTokenSource();
        using var interrupted = On(PosixSignal.SIGINT, ExitCodes.Interrupted, told);
        using var terminated = On(PosixSignal.SIGTERM, ExitCodes.Terminated, told);
        var running = command(told.Token);
        return await await Task.WhenAny(running, LosePatience(told.Token));
    }

    private static PosixSignalRegistration On(PosixSignal signal, int exitCode, CancellationTokenSource told) =>
        PosixSignalRegistration.Create(
            signal,
            context =>
            {
                context.Cancel = true;
                ExitCode ??= exitCode;
                told.Cancel();
            }
        );

    private static async Task<int> LosePatience(CancellationToken told)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, told)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(Patience, TimeProvider.System, CancellationToken.None);
        return ExitCode!.Value;
    }
}
