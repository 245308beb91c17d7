using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace CampaignSender.Sandbox.Servers.Mocks;

/// <summary>
/// The mock cluster of librdkafka, <c>rdkafka_mock.h</c> of 2.16, and what it takes to have a client that it hangs on.
/// The library calls that interface experimental: a newer one may differ.
/// </summary>
internal static partial class Librdkafka
{
    private const string Library = "librdkafka";

    /// <summary>For builds on musl; on others it loads too, and crashes.</summary>
    private const string ForAlpine = "alpine-librdkafka";

    /// <summary>Without SASL by GSSAPI, and so without <c>libsasl2.so.3</c>, which Debian does not have.</summary>
    private const string ForOldLinux = "centos8-librdkafka";

    static Librdkafka() => NativeLibrary.SetDllImportResolver(typeof(Librdkafka).Assembly, Resolve);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint NewConfiguration();

    /// <returns>0: it was set.</returns>
    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Configure(nint configuration, string name, string value, Span<byte> error, nuint size);

    /// <returns>0: it failed. Otherwise the configuration belongs to the client.</returns>
    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    public static partial nint NewClient(int type, nint configuration, Span<byte> error, nuint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    public static partial void DestroyClient(nint client);

    /// <returns>0: it failed.</returns>
    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    public static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    public static partial void DestroyCluster(nint cluster);

    /// <returns>A UTF-8 text of the cluster's own.</returns>
    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    public static partial nint BootstrapServers(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    public static partial void SetInitialRebalanceDelay(nint cluster, int milliseconds);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ErrorCode CreateTopic(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(
        Library,
        EntryPoint = "rd_kafka_mock_partition_set_leader",
        StringMarshalling = StringMarshalling.Utf8
    )]
    public static partial ErrorCode SetLeader(nint cluster, string topic, int partition, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_coordinator_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ErrorCode SetCoordinator(nint cluster, string keyType, string key, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
    public static partial ErrorCode SetDown(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
    public static partial ErrorCode SetUp(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_rtt")]
    public static partial ErrorCode SetRoundTripTime(nint cluster, int broker, int milliseconds);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    public static partial void PushErrors(nint cluster, short request, nuint count, ReadOnlySpan<ErrorCode> errors);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_clear_request_errors")]
    public static partial void ClearErrors(nint cluster, short request);

    /// <summary>The builds of the package in the order in which Confluent.Kafka tries them.</summary>
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
        {
            return 0;
        }

        string[] builds = RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
            ? [ForAlpine]
            : [Library, ForOldLinux];
        return builds
            .Select(build => NativeLibrary.TryLoad(build, typeof(IClient).Assembly, path, out var handle) ? handle : 0)
            .FirstOrDefault(handle => handle != 0);
    }
}
