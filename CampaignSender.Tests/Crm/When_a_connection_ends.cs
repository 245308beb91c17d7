using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_a_connection_ends
{
    private static readonly byte[] Answer = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray();

    /// <summary>A server may end a connection that was kept just when it has the next request. It would be a second message.</summary>
    [Test, CancelAfter(10_000)]
    public async Task A_message_that_it_had_is_not_posted_again(CancellationToken cancellationToken)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var posts = 0;
        var serving = Serve();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var connections = Given.Connections($"http://{server.LocalEndpoint}", services);

        await Post();
        await Assert.ThatAsync(Post, Throws.InstanceOf<HttpRequestException>());

        server.Stop();
        await serving;
        Assert.That(posts, Is.EqualTo(2));

        async Task Post()
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, connections.BaseUrl)
            {
                Content = new ByteArrayContent("{}"u8.ToArray()),
            };
            using var answer = await connections.Send(message, cancellationToken);
            await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        }

        async Task Serve()
        {
            try
            {
                while (true)
                {
                    using var client = await server.AcceptTcpClientAsync(cancellationToken);
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
