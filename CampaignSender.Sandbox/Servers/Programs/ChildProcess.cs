using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CampaignSender.Sandbox.Servers.Programs;

/// <summary>
/// Starts programs that inherit nothing but their standard streams. librdkafka's mock cluster leaves its sockets open to
/// children, and a connection that the cluster closes then lives on in them: its clients wait for answers in vain.
/// </summary>
internal static partial class ChildProcess
{
    private const nint CloseRange = 436;
    private const nint CloseOnExec = 4;
    private const nint AfterStandardStreams = 3;

    public static Process Start(ProcessStartInfo start)
    {
        if (OperatingSystem.IsLinux())
        {
            // A kernel before 5.11 refuses, and leaves things as they are.
            _ = SystemCall(CloseRange, AfterStandardStreams, int.MaxValue, CloseOnExec);
        }

        return Process.Start(start)!;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint first, nint last, nint flags);
}
