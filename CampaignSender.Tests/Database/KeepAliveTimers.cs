using System.Globalization;

namespace CampaignSender.Tests.Database;

/// <summary>
/// Seconds until this machine's connections over IPv4 probe whether their other side is still there, where they do:
/// https://docs.kernel.org/networking/proc_net_tcp.html
/// </summary>
internal static class KeepAliveTimers
{
    private const int Local = 1;
    private const int Remote = 2;
    private const int Timer = 5;
    private const string KeepAlive = "02";
    private const double TicksPerSecond = 100;

    public static IReadOnlyList<double> ToPort(int port) => [.. Read(Remote, port)];

    public static IReadOnlyList<double> FromPort(int port) => [.. Read(Local, port)];

    private static IEnumerable<double> Read(int side, int port) =>
        File.ReadLines("/proc/net/tcp")
            .Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => Number(fields[side].Split(':')[1]) == port)
            .Select(fields => fields[Timer].Split(':'))
            .Where(timer => timer[0] == KeepAlive)
            .Select(timer => Number(timer[1]) / TicksPerSecond);

    private static long Number(string hexadecimal) =>
        long.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
