using System.Diagnostics;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Servers.Programs;

/// <summary>
/// Another process that holds servers, to be killed by a test. The runtime looks for this name, in no namespace, in
/// the assemblies that DOTNET_STARTUP_HOOKS lists, and calls <see cref="Initialize"/> ahead of the program.
/// </summary>
internal static class StartupHook
{
    public const string Started = "started";

    private const string Folder = "CAMPAIGN_SENDER_TESTS_SERVER_FOLDER";

    /// <summary>Runs the tests' own assembly as a program that never comes to its beginning.</summary>
    public static Process Run(string folder)
    {
        var assembly = typeof(StartupHook).Assembly.Location;
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["exec", assembly])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_STARTUP_HOOKS"] = assembly;
        start.Environment[Folder] = folder;
        return ChildProcess.Start(start);
    }

    public static void Initialize()
    {
        var surroundings = new Surroundings
        {
            Variable = _ => null,
            Containers = false,
            Folder = Environment.GetEnvironmentVariable(Folder)!,
        };
        LocalServers
            .Start(ServerNeeds.Both, new Silence(), surroundings, CancellationToken.None)
            .GetAwaiter()
            .GetResult();
        Console.WriteLine(Started);
        new ManualResetEventSlim().Wait();
    }

    private sealed class Silence : IServerLog
    {
        public void Say(string line) { }
    }
}
