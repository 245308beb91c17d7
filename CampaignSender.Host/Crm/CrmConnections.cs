using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Crm;

/// <summary>
/// The pooled connections to the CRM. They are used without <see cref="HttpClient"/>, which would link every request's
/// limits of time once more and copy the headers from one place to the other.
/// </summary>
internal sealed class CrmConnections : IDisposable
{
    /// <summary>What the old sender calls itself; the CRM's logs and firewalls know it.</summary>
    private const string UserAgent = "EvoAI-Campaign/1.0";

    private const string TokenHeader = "X-Service-Token";

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpMessageInvoker _http;
    private readonly string _token;

    public CrmConnections(IOptions<CrmOptions> crm, IOptions<DispatchOptions> dispatch, IMeterFactory meters)
    {
        _http = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                MaxConnectionsPerServer = dispatch.Value.Concurrency,
                // Connections are renewed, and so are the CRM's addresses.
                PooledConnectionLifetime = ConnectionLifetime,
                // A redirected POST would be a second POST.
                AllowAutoRedirect = false,
                UseCookies = false,
                // The old sender looks at no HTTP_PROXY either: where it is set, it is for others.
                UseProxy = false,
                ConnectCallback = Connect,
                MeterFactory = meters,
            }
        );
        _token = crm.Value.ApiToken!;
        BaseUrl = WithTrailingSlash(crm.Value.BaseUrl!);
    }

    public Uri BaseUrl { get; }

    /// <summary>Ends with the headers of the answer; its body is for the caller to read.</summary>
    public Task<HttpResponseMessage> Send(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        message.Headers.TryAddWithoutValidation(TokenHeader, _token);
        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        return _http.SendAsync(message, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> Connect(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            // Else the kernel goes on delivering what a request that was given up has left there, when its contact was asked for
            // and posted anew: closed with a reset nothing is left, whatever ends the process.
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Uri WithTrailingSlash(Uri url) =>
        url.AbsoluteUri.EndsWith('/') ? url : new Uri($"{url.AbsoluteUri}/");
}
