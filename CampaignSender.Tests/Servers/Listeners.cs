using System.Globalization;

namespace CampaignSender.Tests.Servers;

/// <summary>The addresses that processes listen on, as the kernel writes them.</summary>
internal static class Listeners
{
    private const string Listening = "0A";

    private static readonly string[] _tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>127.0.0.1 in the byte order of the kernel's table.</summary>
    public const string Loopback = "0100007F";

    public static IReadOnlyList<(string Host, int Port)> Of(IEnumerable<int> processes)
    {
        var sockets = processes.SelectMany(Sockets).ToHashSet();
        return
        [
            .. _tables
                .Where(File.Exists)
                .SelectMany(table => File.ReadLines(table).Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields[3] == Listening && sockets.Contains($"socket:[{fields[9]}]"))
                .Select(fields => fields[1].Split(':'))
                .Select(address => (address[0], int.Parse(address[1], NumberStyles.HexNumber, null))),
        ];
    }

    private static string[] Sockets(int process)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateFiles($"/proc/{process}/fd")
                    .Select(file => new FileInfo(file).LinkTarget)
                    .OfType<string>(),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return [];
        }
    }
}
