namespace CampaignSender.Sandbox.Servers.Programs;

/// <summary>Where the programs of servers are looked for.</summary>
internal static class ProgramFolders
{
    /// <summary>Debian keeps the server's programs off the path, one folder per version.</summary>
    public static IReadOnlyList<string> PostgreSql() =>
        [.. Matching("/usr/lib/postgresql", "*", "bin"), .. Matching("/usr", "pgsql-*", "bin"), .. OnPath()];

    /// <summary>
    /// The server's own scripts. What a distribution puts on the path is a wrapper that works for its service's user
    /// and folders only.
    /// </summary>
    public static IReadOnlyList<string> RabbitMq() =>
        [
            .. Matching("/usr/lib/rabbitmq/lib", "rabbitmq_server-*", "sbin"),
            "/usr/lib/rabbitmq/bin",
            .. OnPath().Where(folder => folder.EndsWith("/sbin", StringComparison.Ordinal)).Except(_wrappers),
        ];

    /// <summary>A link whose program was removed does not count.</summary>
    public static bool Holds(string folder, string program)
    {
        var file = new FileInfo(Path.Combine(folder, program));
        return file.Exists && file.ResolveLinkTarget(returnFinalTarget: true) is (null or { Exists: true });
    }

    private static readonly string[] _wrappers = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    private static IEnumerable<string> Matching(string parent, string pattern, string child) =>
        Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, pattern).Select(folder => Path.Combine(folder, child))
            : [];

    private static string[] OnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries
        );
}
