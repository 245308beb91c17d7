using System.Globalization;
using System.Runtime.InteropServices;

namespace CampaignSender.Sandbox.Servers.Programs;

/// <summary>A process and all that it started, read from <c>/proc</c>.</summary>
internal static class ProcessTree
{
    /// <summary>The root first, each parent before its children.</summary>
    public static IReadOnlyList<int> Of(int root)
    {
        var children = Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .ToLookup(id => Stat(id).Parent);
        var tree = new List<int> { root };
        for (var index = 0; index < tree.Count; index++)
        {
            tree.AddRange(children[tree[index]]);
        }

        return tree;
    }

    /// <summary>Whether a process still runs: one that has ended and awaits its parent's notice does not.</summary>
    public static bool IsAlive(int id) => Stat(id).State is not ('Z' or 'X');

    /// <summary>Sends a signal; to a process that is gone it is no fault.</summary>
    public static void Send(int id, Signal signal) => _ = kill(id, (int)signal);

    private static (char State, int Parent) Stat(int id)
    {
        try
        {
            // "id (name) state parent …", and the name may hold anything.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ', 3);
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ('X', -1);
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int kill(int id, int signal);
}
