using System.Diagnostics;
using System.Net;

namespace CampaignSender.Sandbox.Replicas;

/// <summary>One real process of the published service.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly string _logFile;

    private Replica(Process process, Uri address, string logFile)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        _logFile = logFile;
    }

    public int ProcessId => _process.Id;

    public bool IsRunning => !_process.HasExited;

    /// <summary>Processor time of all its threads since it was started.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The most memory, in bytes, that it has had resident.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <param name="assembly">The published <c>CampaignSender.Host.dll</c>.</param>
    /// <param name="logFile">Where its output goes.</param>
    public static Replica Start(string assembly, ReplicaSettings settings, string logFile)
    {
        // The shell only redirects the output to the file and becomes the service.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec dotnet \"$0\" >\"$1\" 2>&1", assembly, logFile])
        {
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in settings.ToEnvironment())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        return new Replica(process, new UriBuilder("http", IPAddress.Loopback.ToString(), settings.Port).Uri, logFile);
    }

    /// <exception cref="ReplicaFailedException">It ended, or was not ready in time.</exception>
    public async Task WaitUntilReady(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(StartTime, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            while (!await IsReady(either.Token))
            {
                if (!IsRunning)
                {
                    throw new ReplicaFailedException(
                        $"The replica ended with exit code {_process.ExitCode}",
                        LastLines()
                    );
                }

                await Task.Delay(PollTime, TimeProvider.System, either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ReplicaFailedException($"The replica was not ready in {StartTime.TotalSeconds:0} s", LastLines());
        }
    }

    /// <summary>The text of its <c>/metrics</c>.</summary>
    public Task<string> Metrics(CancellationToken cancellationToken) =>
        _http.GetStringAsync("metrics", cancellationToken);

    /// <summary>An orderly stop, as Kubernetes asks for one.</summary>
    public async Task Stop()
    {
        if (!IsRunning)
        {
            return;
        }

        Signal.Terminate(_process.Id);
        using var late = new CancellationTokenSource(StopTime, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            await Kill();
        }
    }

    /// <summary>Ends it without any chance to clean up.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _process.Dispose();
        _http.Dispose();
    }

    private async Task<bool> IsReady(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync("ready", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private IEnumerable<string> LastLines() => File.Exists(_logFile) ? File.ReadLines(_logFile).TakeLast(15) : [];
}
