using System.Reflection;

namespace CampaignSender.Host.Database;

internal static class MigrationScripts
{
    private const string Folder = "CampaignSender.Host.Database.Migrations.";

    /// <summary>The scripts in the order in which they run.</summary>
    public static IReadOnlyList<MigrationScript> All { get; } =
    [.. Names().Order(StringComparer.Ordinal).Select(name => new MigrationScript(name, Read(name)))];

    private static IEnumerable<string> Names() =>
        Assembly
            .GetExecutingAssembly()
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..]);

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
