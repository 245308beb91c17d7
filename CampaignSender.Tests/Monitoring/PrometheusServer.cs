using System.Globalization;
using System.Text.Json;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Servers.Programs;
using CampaignSender.Tests.Servers;
using NUnit.Framework;

namespace CampaignSender.Tests.Monitoring;

/// <summary>A Prometheus of this machine that scrapes replicas every second, with the project's rules.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private const string Package = "prometheus";
    private const string Program = "/usr/bin/prometheus";

    private readonly PrivateServer _server;
    private readonly HttpClient _http;

    private PrometheusServer(PrivateServer server, HttpClient http)
    {
        _server = server;
        _http = http;
    }

    /// <summary>Prometheus' own tool for rules, installed together with it.</summary>
    public static string RuleTool => "/usr/bin/promtool";

    public static async Task Install(CancellationToken cancellationToken)
    {
        if (File.Exists(Program))
        {
            return;
        }

        if (!DistributionPackage.IsPossible)
        {
            Assert.Ignore("Prometheus is not installed, and cannot be from here: apt-get install prometheus");
        }

        await DistributionPackage.Add(Package, "PATH", new TestServerLog(), cancellationToken);
    }

    public static async Task<PrometheusServer> Start(IEnumerable<Uri> replicas, CancellationToken cancellationToken)
    {
        var folder = PrivateFolder.Create("prometheus", Signal.Terminate);
        var http = new HttpClient();
        try
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort.Pick()}");
            http.BaseAddress = new Uri($"http://{address}/");
            await File.WriteAllTextAsync(folder.File("alerts.yml"), AlertRules.Hastened, cancellationToken);
            await File.WriteAllTextAsync(
                folder.File("prometheus.yml"),
                Configuration(replicas, folder.File("alerts.yml")),
                cancellationToken
            );
            var program = new ServerProgram
            {
                Name = "Prometheus",
                Command =
                [
                    Program,
                    $"--config.file={folder.File("prometheus.yml")}",
                    $"--storage.tsdb.path={folder.File("data")}",
                    $"--web.listen-address={address}",
                ],
                Stop = Signal.Terminate,
                Answers = token => IsReady(http, token),
            };
            return new PrometheusServer(await PrivateServer.Start(program, folder, cancellationToken), http);
        }
        catch
        {
            http.Dispose();
            await folder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it has scraped the replica that runs now.</summary>
    public Task WaitForScrape(CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        return WaitForAnswer(
            string.Create(CultureInfo.InvariantCulture, $"(timestamp(up) > {now:0.000}) and up == 1"),
            cancellationToken
        );
    }

    public Task WaitForAlert(string name, CancellationToken cancellationToken) =>
        WaitForAnswer($$"""ALERTS{alertname="{{name}}", alertstate="firing"}""", cancellationToken);

    /// <summary>Waits until the expression gives at least one series, with a number in it.</summary>
    public async Task WaitForAnswer(string expression, CancellationToken cancellationToken)
    {
        // A quantile of nothing and a quotient of two zeros are no numbers.
        var number = $"({expression}) >= 0";
        try
        {
            while (!await HasAnswer(number, cancellationToken))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Prometheus has no answer to: {expression}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    private async Task<bool> HasAnswer(string expression, CancellationToken cancellationToken)
    {
        await using var body = await _http.GetStreamAsync(
            $"api/v1/query?query={Uri.EscapeDataString(expression)}",
            cancellationToken
        );
        using var answer = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        return answer.RootElement.GetProperty("data").GetProperty("result").GetArrayLength() > 0;
    }

    private static string Configuration(IEnumerable<Uri> replicas, string alerts) =>
        $"""
            global:
              scrape_interval: 1s
              evaluation_interval: 1s
            rule_files: ['{alerts}', '{AlertRules.RecordingFile}']
            scrape_configs:
              - job_name: campaign-sender
                static_configs:
                  - targets: [{string.Join(", ", replicas.Select(replica => $"'{replica.Authority}'"))}]
            """;

    private static async Task<bool> IsReady(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync("-/ready", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
