using System.Diagnostics;

namespace CampaignSender.Sandbox.Servers.Programs;

/// <summary>An instance of an installed server that is ours alone.</summary>
internal sealed class PrivateServer : IRunningServer
{
    // Its number, and the time of its start, are on file before there is a server, so that the watch over the folder
    // cannot miss it.
    private const string Launch = $"""
        cd "$0" || exit
        sed 's/.*) //' /proc/$$/stat | cut -d ' ' -f 20 >server.since
        echo $$ >{PrivateFolder.ProcessIdFile} && exec "$@" </dev/null >>server.log 2>&1
        """;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private readonly ServerProgram _program;
    private readonly PrivateFolder _folder;
    private Process? _process;

    private PrivateServer(ServerProgram program, PrivateFolder folder)
    {
        _program = program;
        _folder = folder;
    }

    private Process Process => _process ?? throw new InvalidOperationException($"{_program.Name} is stopped.");

    /// <summary>Starts it and waits until it answers. It then owns the folder.</summary>
    public static async Task<PrivateServer> Start(
        ServerProgram program,
        PrivateFolder folder,
        CancellationToken cancellationToken
    )
    {
        var server = new PrivateServer(program, folder);
        await server.Start(cancellationToken);
        return server;
    }

    /// <summary>Whether its process, or that of its last start, lives.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts its process, whether or not it will ever answer.</summary>
    public void LaunchProcess()
    {
        if (_process is { HasExited: false })
        {
            throw new InvalidOperationException($"{_program.Name} runs already.");
        }

        var start = new ProcessStartInfo("setsid", ["sh", "-c", Launch, _folder.Path, .. _program.Command]);
        foreach (
            var name in start
                .Environment.Keys.Where(name =>
                    _program.HiddenPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
                )
                .ToArray()
        )
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in _program.Environment)
        {
            start.Environment[name] = value;
        }

        _process = ChildProcess.Start(start);
    }

    public async Task Start(CancellationToken cancellationToken)
    {
        LaunchProcess();
        using var limit = new CancellationTokenSource(_patience, TimeProvider.System);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (!await _program.Answers(wait.Token))
            {
                if (Process.HasExited)
                {
                    throw Failure($"ended with exit code {Process.ExitCode} instead of starting");
                }

                await Task.Delay(_pause, TimeProvider.System, wait.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure($"does not answer after {_patience.TotalSeconds} seconds");
        }
    }

    public async Task Stop(CancellationToken cancellationToken)
    {
        await Thaw(cancellationToken);
        var tree = ProcessTree.Of(Process.Id);
        ProcessTree.Send(Process.Id, _program.Stop);
        await AwaitEnd(tree, cancellationToken);
    }

    public async Task Kill(CancellationToken cancellationToken)
    {
        var tree = SuspendTree();
        foreach (var id in tree)
        {
            ProcessTree.Send(id, Signal.Kill);
        }

        await AwaitEnd(tree, cancellationToken);
    }

    public Task Freeze(CancellationToken cancellationToken)
    {
        SuspendTree();
        return Task.CompletedTask;
    }

    public Task Thaw(CancellationToken cancellationToken)
    {
        foreach (var id in ProcessTree.Of(Process.Id).Reverse())
        {
            ProcessTree.Send(id, Signal.Continue);
        }

        return Task.CompletedTask;
    }

    /// <summary>Sends its process a signal and does not wait for what comes of it; nothing where it has ended.</summary>
    public void Send(Signal signal)
    {
        if (IsRunning)
        {
            ProcessTree.Send(Process.Id, signal);
        }
    }

    /// <summary>Waits until its process has ended, by itself or by a signal, and returns the exit code.</summary>
    public async Task<int> WaitForEnd(CancellationToken cancellationToken)
    {
        var process = Process;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _folder.DisposeAsync();
        _process?.Dispose();
    }

    /// <summary>Parents first, and again until there is no child that was born meanwhile.</summary>
    private IReadOnlyList<int> SuspendTree()
    {
        var suspended = new HashSet<int>();
        while (true)
        {
            var tree = ProcessTree.Of(Process.Id);
            var running = tree.Where(suspended.Add).ToArray();
            if (running.Length == 0)
            {
                return tree;
            }

            foreach (var id in running)
            {
                ProcessTree.Send(id, Signal.Stop);
            }
        }
    }

    /// <summary>Children count: PostgreSQL does not start beside what is left of its forerunner.</summary>
    private async Task AwaitEnd(IReadOnlyList<int> tree, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_patience, TimeProvider.System);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await Process.WaitForExitAsync(wait.Token);
        while (tree.Any(ProcessTree.IsAlive))
        {
            await Task.Delay(_pause, TimeProvider.System, wait.Token);
        }

        Process.Dispose();
        _process = null;
    }

    private ServerUnavailableException Failure(string what)
    {
        var log = _folder.File("server.log");
        var lines = File.Exists(log) ? File.ReadLines(log).TakeLast(20) : [];
        return new($"{_program.Name} {what}. The end of its log:\n{string.Join('\n', lines)}");
    }
}
