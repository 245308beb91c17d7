using System.Globalization;
using System.Text.RegularExpressions;

namespace CampaignSender.Sandbox.Servers.Programs;

/// <summary>PostgreSQL as it is installed on this machine.</summary>
internal static partial class PostgreSqlProgram
{
    private const string User = "postgres";

    // The cluster is created by the process that becomes the server, so that one watch covers both. A signal to end
    // waits for initdb, which would leave shared memory behind.
    private const string CreateAndServe = """
        trap : QUIT
        [ -s "$0/data/PG_VERSION" ] || "$bin/initdb" -D "$0/data" -U postgres --pwfile="$0/password" \
            --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync --no-instructions || exit 1
        trap - QUIT
        [ -e "$0/ended" ] && exit
        exec "$bin/postgres" -D "$0/data" "$@"
        """;

    public static async Task<PostgreSqlServer?> Run(
        ServerNeeds needs,
        IServerLog log,
        Surroundings surroundings,
        CancellationToken cancellationToken
    )
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var found = await Find(surroundings, cancellationToken);
        if (found is null && surroundings.Installing && DistributionPackage.IsPossible)
        {
            await DistributionPackage.Add("postgresql", PostgreSqlSource.Variable, log, cancellationToken);
            found = await Find(surroundings, cancellationToken);
        }

        if (found is not var (bin, version))
        {
            return null;
        }

        var folder = PrivateFolder.Create(surroundings.Folder, "postgresql", Signal.Quit);
        try
        {
            var address = PostgreSqlAddress.Of("127.0.0.1", FreePort.Pick(), User, Secret.Create());
            await Prepare(folder, address.Password, cancellationToken);
            var program = new ServerProgram
            {
                Name = $"PostgreSQL {version}",
                Command =
                [
                    .. AsServerUser(),
                    "sh",
                    "-c",
                    CreateAndServe,
                    folder.Path,
                    .. Settings(needs, address.Port, bin).SelectMany(setting => new[] { "-c", setting }),
                ],
                Environment = new Dictionary<string, string> { ["bin"] = bin, ["LC_ALL"] = "C" },
                HiddenPrefixes = ["PG"],
                Stop = Signal.Interrupt,
                Answers = address.Answers,
            };
            var server = await PrivateServer.Start(program, folder, cancellationToken);
            log.Say($"{program.Name}: a private instance on {address.Host}:{address.Port}");
            return new PostgreSqlServer(address, server);
        }
        catch
        {
            await folder.DisposeAsync();
            throw;
        }
    }

    private static async Task<(string Bin, Version Version)?> Find(
        Surroundings surroundings,
        CancellationToken cancellationToken
    )
    {
        (string Bin, Version Version)? best = null;
        var installed = surroundings
            .PostgreSqlFolders()
            .Where(bin => ProgramFolders.Holds(bin, "initdb") && ProgramFolders.Holds(bin, "postgres"));
        foreach (var bin in installed)
        {
            var (_, output) = await Command.Run(Path.Combine(bin, "postgres"), ["--version"], cancellationToken);
            if (Version.TryParse(VersionNumber().Match(output).Value, out var version) && !(best?.Version >= version))
            {
                best = (bin, version);
            }
        }

        return best;
    }

    private static async Task Prepare(PrivateFolder folder, string password, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(folder.File("password"), password, cancellationToken);
        if (Environment.IsPrivilegedProcess)
        {
            await Command.Run("chown", ["-R", User, folder.Path], cancellationToken);
        }
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static IEnumerable<string> AsServerUser() =>
        Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups"] : [];

    private static IEnumerable<string> Settings(ServerNeeds needs, int port, string bin)
    {
        var settings = PostgreSqlSettings
            .For(needs)
            .Concat([
                "listen_addresses=127.0.0.1",
                string.Create(CultureInfo.InvariantCulture, $"port={port}"),
                "unix_socket_directories=",
            ]);
        return File.Exists(Path.Combine(bin, "../lib/pg_stat_statements.so"))
            ? settings.Append(PostgreSqlSettings.WatchStatements)
            : settings;
    }

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex VersionNumber();
}
