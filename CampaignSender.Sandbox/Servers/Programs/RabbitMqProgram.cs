using System.Globalization;

namespace CampaignSender.Sandbox.Servers.Programs;

/// <summary>RabbitMQ as it is installed on this machine.</summary>
internal static class RabbitMqProgram
{
    private const string User = "sandbox";
    private const string Script = "rabbitmq-server";

    public static async Task<RabbitMqServer?> Run(
        IServerLog log,
        Surroundings surroundings,
        CancellationToken cancellationToken
    )
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var script = Find(surroundings);
        if (script is null && surroundings.Installing && DistributionPackage.IsPossible)
        {
            await DistributionPackage.Add("rabbitmq-server", RabbitMqSource.Variable, log, cancellationToken);
            script = Find(surroundings);
        }

        if (script is null)
        {
            return null;
        }

        var folder = PrivateFolder.Create(surroundings.Folder, "rabbitmq", Signal.Kill);
        try
        {
            var port = FreePort.Pick();
            var password = Secret.Create();
            var url = new Uri($"amqp://{User}:{password}@127.0.0.1:{port}");
            await File.WriteAllTextAsync(folder.File("enabled_plugins"), "[].\n", cancellationToken);
            await File.WriteAllTextAsync(
                folder.File("rabbitmq.conf"),
                Configuration(port, password),
                cancellationToken
            );
            var program = Describe(script, folder, url);
            var server = await PrivateServer.Start(program, folder, cancellationToken);
            log.Say($"{program.Name}: a private instance on {url.Host}:{port}");
            return new RabbitMqServer(url, server);
        }
        catch
        {
            await folder.DisposeAsync();
            throw;
        }
    }

    private static string? Find(Surroundings surroundings) =>
        surroundings
            .RabbitMqFolders()
            .Where(folder => ProgramFolders.Holds(folder, Script))
            .Select(folder => Path.Combine(folder, Script))
            .FirstOrDefault();

    private static string Configuration(int port, string password) =>
        $"""
            listeners.tcp.local = 127.0.0.1:{port}
            default_user = {User}
            default_pass = {password}
            disk_free_limit.absolute = 50MB
            vm_memory_high_watermark.absolute = 4GB
            log.file = false
            log.console = true

            """;

    private static ServerProgram Describe(string script, PrivateFolder folder, Uri url)
    {
        var node = $"{Path.GetFileName(folder.Path)}@localhost";
        return new ServerProgram
        {
            Name = NameOf(script),
            Command = [script, .. Distribution(node)],
            Environment = new Dictionary<string, string>
            {
                // For the Erlang cookie.
                ["HOME"] = folder.Path,
                ["RABBITMQ_NODENAME"] = node,
                ["RABBITMQ_CONF_ENV_FILE"] = folder.File("rabbitmq-env.conf"),
                ["RABBITMQ_CONFIG_FILE"] = folder.File("rabbitmq"),
                ["RABBITMQ_ADVANCED_CONFIG_FILE"] = folder.File("advanced.config"),
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = folder.File("enabled_plugins"),
                ["RABBITMQ_MNESIA_BASE"] = folder.File("data"),
                ["RABBITMQ_LOG_BASE"] = folder.File("log"),
                ["RABBITMQ_PID_FILE"] = folder.File("rabbitmq.pid"),
                // RabbitMQ makes sure of epmd once a minute, by an Erlang of its own.
                ["ERL_FLAGS"] = "-start_epmd false",
                // Otherwise the script stays as the parent of the server and passes only some signals on.
                ["RUNNING_UNDER_SYSTEMD"] = "true",
            },
            HiddenPrefixes = ["RABBITMQ_", "ERL_", "NOTIFY_SOCKET"],
            Stop = Signal.Terminate,
            Answers = cancellationToken => RabbitMqServer.Answers(url, cancellationToken),
        };
    }

    /// <summary>
    /// The node's distribution is up before RabbitMQ would see to it, on loopback and without epmd, which would be a
    /// daemon that outlives the server. A node takes no part in a cluster here.
    /// </summary>
    private static string[] Distribution(string node) =>
        [
            "-sname",
            node,
            "-start_epmd",
            "false",
            "-erl_epmd_port",
            FreePort.Pick().ToString(CultureInfo.InvariantCulture),
            "-kernel",
            "inet_dist_use_interface",
            "{127,0,0,1}",
            // No scheduler spins for work: the cores are for those who have some.
            "+sbwt",
            "none",
            "+sbwtdcpu",
            "none",
            "+sbwtdio",
            "none",
        ];

    private static string NameOf(string script)
    {
        var home = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(script))) ?? "";
        return home.StartsWith("rabbitmq_server-", StringComparison.Ordinal) ? $"RabbitMQ {home[16..]}" : "RabbitMQ";
    }
}
