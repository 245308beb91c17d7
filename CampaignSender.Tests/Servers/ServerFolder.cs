using System.Text;
using CampaignSender.Sandbox.Servers;

namespace CampaignSender.Tests.Servers;

/// <summary>A folder for the servers of one test, and what can be found of them on the machine.</summary>
internal sealed class ServerFolder : IDisposable
{
    public string Path { get; } =
        Directory
            .CreateDirectory(
                System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"servers-of-test-{Guid.NewGuid():N}")
            )
            .FullName;

    /// <summary>Programs of this machine only, with their data in this folder.</summary>
    public Surroundings Surroundings =>
        new()
        {
            Variable = _ => null,
            Containers = false,
            Folder = Path,
        };

    public IEnumerable<string> Content => Directory.EnumerateFileSystemEntries(Path);

    /// <summary>Processes that have this folder in their command, their variables or as their current one.</summary>
    public IEnumerable<int> Processes() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(System.IO.Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId && BelongsHere(id));

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private bool BelongsHere(int id)
    {
        try
        {
            return new DirectoryInfo($"/proc/{id}/cwd").LinkTarget?.StartsWith(Path, StringComparison.Ordinal) == true
                || Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/cmdline")).Contains(Path)
                || Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/environ")).Contains(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
