using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace CampaignSender.Tests.Bench;

/// <summary>Stands before a server of HTTP/1.1 and writes down what it is sent, byte for byte.</summary>
internal sealed partial class RequestRecorder : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<StringBuilder> _connections = new();
    private readonly Uri _server;

    public RequestRecorder(Uri server)
    {
        _server = server;
        _listener.Start();
        _ = Accept();
    }

    public Uri Url => new($"http://{_listener.LocalEndpoint}");

    /// <summary>Head and body of each, the oldest connection's first.</summary>
    public IEnumerable<string> Requests =>
        _connections.SelectMany(connection => RequestStart().Split(connection.ToString()));

    public void Dispose() => _listener.Dispose();

    private async Task Accept()
    {
        while (true)
        {
            _ = Relay(await _listener.AcceptTcpClientAsync());
        }
    }

    private async Task Relay(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(_server.Host, _server.Port);
            await Task.WhenAny(
                Record(client.GetStream(), server.GetStream()),
                server.GetStream().CopyToAsync(client.GetStream())
            );
        }
    }

    private async Task Record(NetworkStream from, NetworkStream to)
    {
        var connection = new StringBuilder();
        _connections.Enqueue(connection);
        var buffer = new byte[4096];
        while (await from.ReadAsync(buffer) is var count and > 0)
        {
            connection.Append(Encoding.Latin1.GetString(buffer, 0, count));
            await to.WriteAsync(buffer.AsMemory(0, count));
        }
    }

    [GeneratedRegex(@"(?=(?:GET|POST) \S+ HTTP/1\.1\r\n)")]
    private static partial Regex RequestStart();
}
