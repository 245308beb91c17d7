using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CampaignSender.Tests.Monitoring;

/// <summary>Takes traces, metrics and logs by OTLP over HTTP, and keeps the bytes: texts stand in them as they are.</summary>
internal sealed class TelemetryReceiver : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<byte[]>> _received = new();
    private readonly WebApplication _application;

    private TelemetryReceiver(WebApplication application) => _application = application;

    public Uri Address => new(_application.Urls.First());

    /// <summary>Variables of a replica that sends its telemetry here.</summary>
    public Dictionary<string, string> Variables =>
        new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.AbsoluteUri, ["OTEL_BSP_SCHEDULE_DELAY"] = "200" };

    public static async Task<TelemetryReceiver> Start(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new TelemetryReceiver(builder.Build());
        receiver._application.MapPost("/v1/{signal}", receiver.Take);
        await receiver._application.StartAsync(cancellationToken);
        return receiver;
    }

    /// <param name="signal">traces, metrics or logs.</param>
    public string Texts(string signal) =>
        string.Join('\n', _received.GetValueOrDefault(signal, new()).Select(Encoding.UTF8.GetString));

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task<IResult> Take(string signal, HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        _received.GetOrAdd(signal, _ => new()).Enqueue(body.ToArray());
        return Results.Bytes([], "application/x-protobuf");
    }
}
