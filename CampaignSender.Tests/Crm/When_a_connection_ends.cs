using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using CampaignSender.Host.Crm;
using CampaignSender.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_a_connection_ends
{
    private static readonly byte[] Answer = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray();

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private ServiceProvider _services = null!;
    private CrmConnections _connections = null!;

    [SetUp]
    public void Start()
    {
        _server.Start();
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        _connections = Given.Connections($"http://{_server.LocalEndpoint}", _services);
    }

    [TearDown]
    public void Stop()
    {
        _connections.Dispose();
        _services.Dispose();
        _server.Stop();
    }

    [OneTimeTearDown]
    public void Dispose() => _server.Dispose();

    /// <summary>A server may end a connection that was kept just when it has the next request. It would be a second message.</summary>
    [Test, CancelAfter(10_000)]
    public async Task A_message_that_it_had_is_not_posted_again(CancellationToken cancellationToken)
    {
        var posts = 0;
        var serving = Serve();

        await Post();
        await Assert.ThatAsync(Post, Throws.InstanceOf<HttpRequestException>());

        _server.Stop();
        await serving;
        Assert.That(posts, Is.EqualTo(2));

        async Task Post()
        {
            using var message = Message();
            using var answer = await _connections.Send(message, cancellationToken);
            await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        }

        async Task Serve()
        {
            try
            {
                while (true)
                {
                    using var client = await _server.AcceptTcpClientAsync(cancellationToken);
                    await ReadPost(client.GetStream(), cancellationToken);
                    posts++;
                    await client.GetStream().WriteAsync(Answer, cancellationToken);
                    await ReadPost(client.GetStream(), cancellationToken);
                    posts++;
                }
            }
            catch (Exception exception) when (exception is SocketException or InvalidOperationException)
            {
                // The end of the test.
            }
        }
    }

    /// <summary>The kernel would go on delivering it, minutes later perhaps, when its contact has got the message by another one.</summary>
    [Test, CancelAfter(10_000)]
    public async Task What_was_given_up_is_taken_back_from_the_network(CancellationToken cancellationToken)
    {
        using var given = new CancellationTokenSource();
        using var message = Message();
        var posting = _connections.Send(message, given.Token);
        using var client = await _server.AcceptTcpClientAsync(cancellationToken);
        await ReadPost(client.GetStream(), cancellationToken);

        await given.CancelAsync();
        await Assert.ThatAsync(() => posting, Throws.InstanceOf<OperationCanceledException>());

        var port = ((IPEndPoint)client.Client.RemoteEndPoint!).Port;
        await Eventually.Holds(() => !IsKept(port), cancellationToken);
    }

    [Test, CancelAfter(10_000)]
    public async Task Nothing_is_written_when_the_claim_has_run_out_before_it_began(CancellationToken cancellationToken)
    {
        using var message = new CrmRequest
        {
            Kind = "dispatch",
            Address = _connections.BaseUrl,
            Body = "{}"u8.ToArray(),
            MayBeWritten = static () => false,
        }.ToMessage();

        await Assert.ThatAsync(
            () => _connections.Send(message, cancellationToken),
            Throws.TypeOf<RequestWithheldException>()
        );

        using var client = await _server.AcceptTcpClientAsync(cancellationToken);
        var received = 0;
        try
        {
            received = await client.GetStream().ReadAsync(new byte[1], cancellationToken);
        }
        catch (IOException)
        {
            // It was closed with a reset.
        }

        Assert.That(received, Is.Zero);
    }

    /// <summary>Who waits in vain for its encryption knows that the message has not left.</summary>
    [TestCase("http", true)]
    [TestCase("https", false)]
    [CancelAfter(10_000)]
    public async Task A_message_has_begun_when_its_connection_stands(
        string scheme,
        bool hasBegun,
        CancellationToken cancellationToken
    )
    {
        using var connections = Given.Connections($"{scheme}://{_server.LocalEndpoint}", _services);
        using var given = new CancellationTokenSource();
        using var message = new CrmRequest
        {
            Kind = "dispatch",
            Address = connections.BaseUrl,
            Body = "{}"u8.ToArray(),
        }.ToMessage();
        var posting = connections.Send(message, given.Token);
        using var client = await _server.AcceptTcpClientAsync(cancellationToken);
        await client.GetStream().ReadExactlyAsync(new byte[1], cancellationToken);

        await given.CancelAsync();

        await Assert.ThatAsync(() => posting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(((LastMomentContent)message.Content!).IsBegun, Is.EqualTo(hasBegun));
    }

    private HttpRequestMessage Message() =>
        new(HttpMethod.Post, _connections.BaseUrl) { Content = new ByteArrayContent("{}"u8.ToArray()) };

    // Other connections of this machine, to others, may have the same port.
    private bool IsKept(int port) =>
        IPGlobalProperties
            .GetIPGlobalProperties()
            .GetActiveTcpConnections()
            .Any(connection =>
                connection.LocalEndPoint.Port == port
                && connection.RemoteEndPoint.Port == ((IPEndPoint)_server.LocalEndpoint).Port
            );

    private static async Task ReadPost(NetworkStream stream, CancellationToken cancellationToken)
    {
        var received = new StringBuilder();
        var buffer = new byte[1024];
        int length;
        do
        {
            length = await stream.ReadAsync(buffer, cancellationToken);
            received.Append(Encoding.ASCII.GetString(buffer, 0, length));
        } while (length > 0 && !received.ToString().EndsWith("{}", StringComparison.Ordinal));
    }
}
