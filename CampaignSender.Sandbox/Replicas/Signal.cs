using System.Runtime.InteropServices;

namespace CampaignSender.Sandbox.Replicas;

/// <summary>POSIX signals, of which .NET itself sends only SIGKILL.</summary>
internal static partial class Signal
{
    private const int SigTerm = 15;

    public static void Terminate(int processId) => _ = Kill(processId, SigTerm);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
