using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace CampaignSender.Sandbox.Servers.Mocks;

/// <summary>
/// A Kafka cluster inside this process, in memory, that speaks the protocol on loopback ports, so that other processes
/// can work with it too. It differs from a real one: it keeps the newest 5 MB of each partition; it knows no
/// administration and no access control; it does not look at the sequence numbers of an idempotent producer; a fetch that
/// finds nothing is answered after its whole waiting time, whatever arrives meanwhile; a group that had members and gets
/// or loses one waits for 1 s less than its session timeout, and refuses commits that long.
/// </summary>
internal sealed class MockCluster : IDisposable
{
    /// <summary>In the place of a broker's number.</summary>
    public const int AllBrokers = -1;

    private const int Producer = 0;
    private const int ErrorSize = 512;

    /// <summary>
    /// The cluster's thread, at the end of an order, reads away the call for the next one when that comes too soon, and
    /// sleeps up to 1 s before it looks.
    /// </summary>
    private static readonly TimeSpan _gap = TimeSpan.FromMilliseconds(5);

    private readonly nint _client;
    private nint _cluster;

    private MockCluster(nint client, nint cluster)
    {
        _client = client;
        _cluster = cluster;
    }

    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_cluster == 0, this);
            return _cluster;
        }
    }

    public string BootstrapServers => Marshal.PtrToStringUTF8(Librdkafka.BootstrapServers(Handle))!;

    /// <param name="brokers">They are numbered from 1.</param>
    public static MockCluster Start(int brokers)
    {
        var client = NewClient();
        var cluster = Librdkafka.NewCluster(client, brokers);
        if (cluster == 0)
        {
            Librdkafka.DestroyClient(client);
            throw new InvalidOperationException("librdkafka cannot start a mock cluster.");
        }

        // The first member of a group would wait 3 s for others.
        Librdkafka.SetInitialRebalanceDelay(cluster, 0);
        return new MockCluster(client, cluster);
    }

    /// <summary>Has the cluster's thread do something.</summary>
    /// <exception cref="KafkaException">It refuses.</exception>
    public async Task Order(Func<nint, ErrorCode> order, CancellationToken cancellationToken)
    {
        if (await TryOrder(order, cancellationToken) is not ErrorCode.NoError and var error)
        {
            throw new KafkaException(error);
        }
    }

    /// <summary>Has the cluster's thread do something that it may refuse.</summary>
    public async Task<ErrorCode> TryOrder(Func<nint, ErrorCode> order, CancellationToken cancellationToken)
    {
        await Task.Delay(_gap, TimeProvider.System, cancellationToken);
        return order(Handle);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _cluster, 0) is not 0 and var cluster)
        {
            Librdkafka.DestroyCluster(cluster);
            Librdkafka.DestroyClient(_client);
        }
    }

    /// <summary>The client that a cluster lives in. It has no broker to connect to and never works.</summary>
    private static nint NewClient()
    {
        Span<byte> error = stackalloc byte[ErrorSize];
        var configuration = Librdkafka.NewConfiguration();
        // Errors only: it would complain that it has no broker.
        _ = Librdkafka.Configure(configuration, "log_level", "3", error, ErrorSize);
        var client = Librdkafka.NewClient(Producer, configuration, error, ErrorSize);
        return client != 0
            ? client
            : throw new InvalidOperationException(
                $"librdkafka cannot create a client: {Encoding.UTF8.GetString(error[..error.IndexOf((byte)0)])}"
            );
    }
}
