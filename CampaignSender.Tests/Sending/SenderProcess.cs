using CampaignSender.Sandbox.Replicas;
using CampaignSender.Sandbox.Servers.Programs;

namespace CampaignSender.Tests.Sending;

/// <summary>The service or one of its commands as a process of its own, until it ends.</summary>
internal static class SenderProcess
{
    public static string[] Variables(ReplicaSettings settings) =>
        [.. settings.ToEnvironment().Select(variable => $"{variable.Key}={variable.Value}")];

    /// <summary>Without the variables of the shell that runs the tests, but for those that the runtime needs.</summary>
    public static Task<(int ExitCode, string Output)> Run(
        string[] arguments,
        string[] variables,
        CancellationToken cancellationToken,
        string folder = "."
    )
    {
        string[] inherited = ["PATH", "HOME", "DOTNET_ROOT"];
        var environment = inherited
            .Select(name => $"{name}={Environment.GetEnvironmentVariable(name)}")
            .Where(variable => !variable.EndsWith('='));
        return Command.Run(
            "env",
            ["-i", "-C", folder, .. environment, .. variables, "dotnet", Scene.HostAssembly, .. arguments],
            cancellationToken
        );
    }
}
