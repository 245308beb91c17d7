using System.Net;
using System.Net.Sockets;
using CampaignSender.Sandbox.Servers;
using NUnit.Framework;

namespace CampaignSender.Tests.Servers;

internal sealed class When_a_network_link_is_cut
{
    private static readonly TimeSpan _longEnough = TimeSpan.FromMilliseconds(300);

    private TcpListener _server = null!;
    private NetworkLink _link = null!;

    [SetUp]
    public void Start()
    {
        _server = new TcpListener(IPAddress.Loopback, 0);
        _server.Start();
        _link = new NetworkLink("127.0.0.1", ((IPEndPoint)_server.LocalEndpoint).Port);
    }

    [TearDown]
    public async Task End()
    {
        await _link.DisposeAsync();
        _server.Dispose();
    }

    [Test, CancelAfter(30_000)]
    public async Task What_is_sent_arrives_once_it_is_healed(CancellationToken cancellationToken)
    {
        using var client = await Connect(cancellationToken);
        using var server = await _server.AcceptTcpClientAsync(cancellationToken);
        await client.GetStream().WriteAsync(new byte[] { 1 }, cancellationToken);
        Assert.That(await Read(server, cancellationToken), Is.EqualTo(1));

        _link.Cut();
        await client.GetStream().WriteAsync(new byte[] { 2 }, cancellationToken);
        await server.GetStream().WriteAsync(new byte[] { 3 }, cancellationToken);
        var (there, back) = (Read(server, cancellationToken), Read(client, cancellationToken));
        await Task.Delay(_longEnough, TimeProvider.System, cancellationToken);
        Assert.That(there.IsCompleted || back.IsCompleted, Is.False);

        _link.Heal();
        Assert.That(await there, Is.EqualTo(2));
        Assert.That(await back, Is.EqualTo(3));
    }

    [Test, CancelAfter(30_000)]
    public async Task The_server_hears_of_a_client_that_has_gone_once_it_is_healed(CancellationToken cancellationToken)
    {
        using var client = await Connect(cancellationToken);
        using var server = await _server.AcceptTcpClientAsync(cancellationToken);

        _link.Cut();
        client.Close();
        var end = Read(server, cancellationToken);
        await Task.Delay(_longEnough, TimeProvider.System, cancellationToken);
        Assert.That(end.IsCompleted, Is.False);

        _link.Heal();
        Assert.That(await end, Is.EqualTo(-1));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_new_connection_reaches_the_server_once_it_is_healed(CancellationToken cancellationToken)
    {
        _link.Cut();
        using var client = await Connect(cancellationToken);
        await Task.Delay(_longEnough, TimeProvider.System, cancellationToken);
        Assert.That(_server.Pending(), Is.False);

        _link.Heal();
        using var server = await _server.AcceptTcpClientAsync(cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task It_closes_what_a_server_does_not_take(CancellationToken cancellationToken)
    {
        _server.Stop();
        using var client = await Connect(cancellationToken);

        Assert.That(await Read(client, cancellationToken), Is.EqualTo(-1));
    }

    private async Task<TcpClient> Connect(CancellationToken cancellationToken)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _link.Port, cancellationToken);
        return client;
    }

    /// <summary>The next byte; -1: the other side has ended.</summary>
    private static async Task<int> Read(TcpClient client, CancellationToken cancellationToken)
    {
        var buffer = new byte[1];
        return await client.GetStream().ReadAsync(buffer, cancellationToken) > 0 ? buffer[0] : -1;
    }
}
