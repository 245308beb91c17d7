using System.Diagnostics;
using System.Text.Json;
using CampaignSender.Sandbox.Servers.Programs;

namespace CampaignSender.Sandbox.Bench;

/// <summary>A bare loop in a process of its own, as a replica is one: both ends of the talk with it.</summary>
internal sealed class BareLoopProcess : IDisposable
{
    public const string Command = "loop";

    private readonly Process _process;

    private BareLoopProcess(Process process) => _process = process;

    /// <summary>Returns when it has warmed up.</summary>
    public static async Task<BareLoopProcess> Start(BareLoopOptions options, CancellationToken cancellationToken)
    {
        var loop = new BareLoopProcess(
            ChildProcess.Start(
                new ProcessStartInfo("dotnet", [typeof(BareLoop).Assembly.Location, Command])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                }
            )
        );
        try
        {
            await loop.Ask(JsonSerializer.Serialize(options), cancellationToken);
            return loop;
        }
        catch
        {
            loop.Dispose();
            throw;
        }
    }

    /// <summary>Lets it send, and returns what it measured.</summary>
    public async Task<BareLoopResult> Send(CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<BareLoopResult>(await Ask("send", cancellationToken))!;

    /// <summary>The process's own side.</summary>
    public static async Task Serve(TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        var options = await input.ReadLineAsync(cancellationToken);
        using var loop = new BareLoop(JsonSerializer.Deserialize<BareLoopOptions>(options!)!);
        await loop.WarmUp(cancellationToken);
        await output.WriteLineAsync("warm");
        await input.ReadLineAsync(cancellationToken);
        var result = await loop.Measure(cancellationToken);
        await output.WriteLineAsync(JsonSerializer.Serialize(result));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<string> Ask(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return await _process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException(
                "The bare loop ended before it had sent everything; it has said above why."
            );
    }
}
