using System.Net;
using System.Net.Sockets;

namespace CampaignSender.Sandbox.Servers;

/// <summary>
/// The way from one client to one server over TCP, which can be cut as by a network that is away: connections stay open on
/// both sides, nothing arrives on the other, and neither is told. Once healed, what was on its way arrives.
/// </summary>
internal sealed class NetworkLink : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly TcpListener _listener;
    private readonly string _host;
    private readonly int _port;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private volatile TaskCompletionSource _whole = new();

    /// <param name="host">The server's.</param>
    /// <param name="port">The server's, which need not listen yet.</param>
    public NetworkLink(string host, int port)
    {
        _host = host;
        _port = port;
        Port = FreePort.Pick();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _whole.SetResult();
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>Where it listens on loopback.</summary>
    public int Port { get; }

    public void Cut() => _whole = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Heal() => _whole.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Accept()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                connections.RemoveAll(connection => connection.IsCompleted);
                connections.Add(Relay(client));
            }
        }
        finally
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Relay(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            await WhenWhole();
            try
            {
                await server.ConnectAsync(_host, _port, _end.Token);
            }
            catch (SocketException)
            {
                // The client's connection ends as well.
                return;
            }

            await Task.WhenAll(Pump(client, server), Pump(server, client));
        }
    }

    /// <summary>The end of one side travels to the other as all else does.</summary>
    private async Task Pump(Socket from, Socket to)
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (await from.ReceiveAsync(buffer, _end.Token) is var count and > 0)
            {
                await WhenWhole();
                for (var sent = 0; sent < count; )
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _end.Token);
                }
            }

            await WhenWhole();
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            await WhenWhole();
            from.Dispose();
            to.Dispose();
        }
    }

    private Task WhenWhole() => _whole.Task.WaitAsync(_end.Token);
}
