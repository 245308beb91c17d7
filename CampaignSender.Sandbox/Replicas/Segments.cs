using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using CampaignSender.Sandbox.Servers.Programs;

namespace CampaignSender.Sandbox.Replicas;

/// <summary>The kernel's count of TCP segments: how often a process talks to a server, whatever the protocol.</summary>
internal static partial class Segments
{
    /// <summary>
    /// Those with data that the process has sent to these ports on the connections that it has open; null without
    /// <c>ss</c>, which Linux distributions have in iproute2.
    /// </summary>
    public static async Task<long?> Sent(
        int processId,
        IReadOnlyCollection<int> ports,
        CancellationToken cancellationToken
    )
    {
        var filter = string.Join(" or ", ports.Select(port => $"dport = :{port}"));
        try
        {
            var (_, connections) = await Command.Run("ss", ["-HOtinp", filter], cancellationToken);
            return connections
                .Split('\n')
                .Where(line => line.Contains($"pid={processId},", StringComparison.Ordinal))
                .Sum(line =>
                    DataSegmentsOut().Match(line) is { Success: true } count
                        ? long.Parse(count.Groups[1].Value, CultureInfo.InvariantCulture)
                        : 0
                );
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\bdata_segs_out:(\d+)")]
    private static partial Regex DataSegmentsOut();
}
