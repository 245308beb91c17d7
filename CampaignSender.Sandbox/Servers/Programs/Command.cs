using System.Diagnostics;

namespace CampaignSender.Sandbox.Servers.Programs;

/// <summary>A short program that is run to its end.</summary>
internal static class Command
{
    /// <summary>Runs it; both its outputs come back as one text.</summary>
    public static async Task<(int ExitCode, string Output)> Run(
        string file,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    )
    {
        using var process = ChildProcess.Start(
            new ProcessStartInfo(file, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        );
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var text = await output + await error;
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, text);
    }
}
