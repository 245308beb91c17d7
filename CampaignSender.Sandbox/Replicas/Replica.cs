using System.Diagnostics;
using System.Globalization;
using CampaignSender.Sandbox.Servers.Programs;

namespace CampaignSender.Sandbox.Replicas;

/// <summary>One real process of the published service.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly PrivateFolder _folder;
    private readonly HttpClient _http;
    private PrivateServer? _process;

    private Replica(PrivateFolder folder, HttpClient http)
    {
        _folder = folder;
        _http = http;
    }

    /// <summary>Where its HTTP endpoints are.</summary>
    public Uri Address => _http.BaseAddress!;

    public int ProcessId =>
        int.Parse(File.ReadAllText(_folder.File(PrivateFolder.ProcessIdFile)), CultureInfo.InvariantCulture);

    /// <summary>From the start of its process until it consumed; it was asked every 50 ms.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <summary>Processor time of all its threads since it was started.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            using var process = Process.GetProcessById(ProcessId);
            return process.TotalProcessorTime;
        }
    }

    /// <summary>The most memory, in bytes, that it has had resident.</summary>
    public long PeakMemory
    {
        get
        {
            using var process = Process.GetProcessById(ProcessId);
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>The memory, in bytes, that it has resident now.</summary>
    public long Memory
    {
        get
        {
            using var process = Process.GetProcessById(ProcessId);
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts it and waits until it consumes.</summary>
    /// <param name="assembly">The published <c>CampaignSender.Host.dll</c>.</param>
    /// <exception cref="Servers.ServerUnavailableException">It ended, or was not ready in time.</exception>
    public static async Task<Replica> Start(
        string assembly,
        ReplicaSettings settings,
        CancellationToken cancellationToken
    )
    {
        var folder = PrivateFolder.Create("replica", Signal.Terminate);
        var http = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{settings.Port}/"),
            Timeout = TimeSpan.FromSeconds(5),
        };
        var replica = new Replica(folder, http);
        var program = new ServerProgram
        {
            Name = "CampaignSender",
            Command = ["dotnet", assembly],
            Environment = settings.ToEnvironment(),
            HiddenPrefixes = ReplicaSettings.HiddenPrefixes,
            Stop = Signal.Terminate,
            Answers = replica.IsReady,
        };
        try
        {
            var started = TimeProvider.System.GetTimestamp();
            replica._process = await PrivateServer.Start(program, folder, cancellationToken);
            replica.StartTime = TimeProvider.System.GetElapsedTime(started);
            return replica;
        }
        catch
        {
            await replica.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc cref="Segments.Sent"/>
    public Task<long?> SegmentsSent(IReadOnlyCollection<int> ports, CancellationToken cancellationToken) =>
        Segments.Sent(ProcessId, ports, cancellationToken);

    public Task<Metrics> Metrics(CancellationToken cancellationToken) =>
        Replicas.Metrics.Scrape(_http, cancellationToken);

    /// <summary>All of <c>/metrics</c>, as it stands.</summary>
    public Task<string> MetricsText(CancellationToken cancellationToken) =>
        _http.GetStringAsync("metrics", cancellationToken);

    /// <summary>The lines that it has logged.</summary>
    public IEnumerable<string> Log() => File.ReadLines(_folder.File("server.log"));

    /// <summary>An orderly stop, as Kubernetes asks for one.</summary>
    public Task Stop(CancellationToken cancellationToken) => _process!.Stop(cancellationToken);

    /// <summary>Ends it without any chance to clean up.</summary>
    public Task Kill(CancellationToken cancellationToken) => _process!.Kill(cancellationToken);

    /// <summary>Whether its process lives; it may not be ready.</summary>
    public bool IsRunning => _process!.IsRunning;

    /// <inheritdoc cref="PrivateServer.Send"/>
    public void Send(Signal signal) => _process!.Send(signal);

    /// <inheritdoc cref="PrivateServer.WaitForEnd"/>
    public Task<int> WaitForEnd(CancellationToken cancellationToken) => _process!.WaitForEnd(cancellationToken);

    /// <summary>Starts it again after its end, at the same address and with the same log, and does not wait.</summary>
    public void StartAgain() => _process!.LaunchProcess();

    /// <summary>Whether it consumes.</summary>
    public async Task<bool> IsReady(CancellationToken cancellationToken)
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
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // No answer in the client's own time.
            return false;
        }
    }

    /// <summary>What <c>/ready</c> says, for people to read.</summary>
    public async Task<string> Readiness(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync("ready", cancellationToken);
            return await response.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? _folder.DisposeAsync());
        _http.Dispose();
    }
}
