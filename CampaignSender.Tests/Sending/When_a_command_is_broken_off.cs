using System.Diagnostics;
using CampaignSender.Host.Commands;
using CampaignSender.Sandbox.Servers.Programs;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>The process of a command that somebody does not wait for.</summary>
[Platform("Linux")]
internal sealed class When_a_command_is_broken_off : SendingTest
{
    [TestCase("INT", ExitCodes.Interrupted)]
    [TestCase("TERM", ExitCodes.Terminated)]
    [CancelAfter(60_000)]
    public async Task It_says_so_and_ends_as_a_shell_expects(
        string signal,
        int exitCode,
        CancellationToken cancellationToken
    )
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        using var process = ChildProcess.Start(
            new ProcessStartInfo(
                "env",
                [
                    .. SenderProcess.Variables(Scene.ProcessSettings()),
                    "dotnet",
                    Scene.HostAssembly,
                    "campaign",
                    "status",
                    $"{plan.CampaignId}",
                    "--watch",
                ]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        );
        Assert.That(
            await process.StandardOutput.ReadLineAsync(cancellationToken),
            Does.Contain("pending 1"),
            "it watches"
        );

        await Command.Run("kill", [$"-{signal}", $"{process.Id}"], cancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);

        Assert.That(process.ExitCode, Is.EqualTo(exitCode));
        Assert.That(errors, Does.StartWith("Broken off by a signal"));
    }
}
