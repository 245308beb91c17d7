using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using CampaignSender.Sandbox.Crm;

namespace CampaignSender.Sandbox.Bench;

/// <summary>
/// The yardstick: for each contact the two requests that the service makes of the CRM, byte for byte and one after the
/// other, and nothing else: no broker, no database, and no look at the answers beyond their status.
/// </summary>
internal sealed class BareLoop : IDisposable
{
    private readonly BareLoopOptions _options;
    private readonly HttpClient _http;

    public BareLoop(BareLoopOptions options)
    {
        _options = options;
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = options.Concurrency })
        {
            BaseAddress = options.Crm,
            DefaultRequestHeaders = { { "X-Service-Token", options.Token }, { "User-Agent", "EvoAI-Campaign/1.0" } },
        };
    }

    public Task WarmUp(CancellationToken cancellationToken) => Send(_options.WarmUp, cancellationToken);

    public async Task<BareLoopResult> Measure(CancellationToken cancellationToken)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var started = Stopwatch.GetTimestamp();
        await Send(_options.Contacts, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        process.Refresh();
        return new BareLoopResult(
            seconds,
            (process.TotalProcessorTime - cpu).TotalMilliseconds,
            GC.GetTotalAllocatedBytes() - allocated,
            process.PeakWorkingSet64
        );
    }

    public async Task Send(Guid contactId, CancellationToken cancellationToken)
    {
        await Read(
            await _http.GetAsync($"api/v1/contacts/{contactId}?include_contact_inboxes=true", cancellationToken),
            cancellationToken
        );
        using var body = new ByteArrayContent(Body(contactId));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await Read(await _http.PostAsync("api/v1/conversations", body, cancellationToken), cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private Task Send(int contacts, CancellationToken cancellationToken)
    {
        var left = contacts;
        return Task.WhenAll(Enumerable.Range(0, _options.Concurrency).Select(_ => Task.Run(Work, cancellationToken)));

        async Task Work()
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await Send(Guid.NewGuid(), cancellationToken);
            }
        }
    }

    private static async Task Read(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
    }

    // As the service writes it for the simulated CRM's contacts and templates.
    private byte[] Body(Guid contactId)
    {
        var name = SimulatedContact.Ordinary(contactId).Name;
        return Encoding.UTF8.GetBytes(
            $$$$"""
            {"inbox_id":"{{{{_options.InboxId}}}}","contact_id":"{{{{contactId}}}}","status":"open","message":{"content":"Hello {{{{name}}}}, our offer of the week is waiting for you.","message_type":"outgoing","private":false,"content_attributes":{"campaign_id":"{{{{_options.CampaignId}}}}","sent_at":"2026-01-01T00:00:00.1234567Z"},"template_params":{"id":"{{{{_options.TemplateId}}}}","name":"offer_of_the_week","category":"MARKETING","language":"pt_BR","processed_params":{"name":"{{{{name}}}}"},"variables_resolved":true,"dispatch_key":"{{{{Guid.NewGuid()}}}}"}}}
            """
        );
    }
}
