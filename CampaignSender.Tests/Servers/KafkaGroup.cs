using System.Text;
using Confluent.Kafka;

namespace CampaignSender.Tests.Servers;

/// <summary>Consumers of one group, which read from the beginning and commit only when they are told.</summary>
internal sealed class KafkaGroup : IDisposable
{
    private static readonly TimeSpan _turn = TimeSpan.FromMilliseconds(50);

    private readonly IReadOnlyList<IConsumer<Ignore, byte[]>> _members;
    private readonly Queue<string> _received = [];
    private readonly HashSet<int> _partitions = [];

    private KafkaGroup(IReadOnlyList<IConsumer<Ignore, byte[]>> members) => _members = members;

    /// <summary>Where messages came from so far.</summary>
    public IEnumerable<int> Partitions => _partitions;

    public static KafkaGroup Join(string bootstrapServers, string topic, int members, string name = "a-group")
    {
        var configuration = new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = name,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            // The mock cluster lets every rebalance but the first take 1 s less than that.
            SessionTimeoutMs = 3_000,
            HeartbeatIntervalMs = 200,
            FetchWaitMaxMs = 50,
            ReconnectBackoffMs = 50,
            ReconnectBackoffMaxMs = 200,
        };
        var group = new KafkaGroup([
            .. Enumerable
                .Range(0, members)
                .Select(_ => new ConsumerBuilder<Ignore, byte[]>(configuration).SetLogHandler((_, _) => { }).Build()),
        ]);
        foreach (var member in group._members)
        {
            member.Subscribe(topic);
        }

        return group;
    }

    /// <summary>Waits until every member has that many partitions.</summary>
    public async Task WaitForShares(int partitions, CancellationToken cancellationToken)
    {
        while (_members.Any(member => member.Assignment.Count != partitions))
        {
            await TakeTurns(cancellationToken);
        }
    }

    /// <summary>The texts of the next messages.</summary>
    public async Task<IReadOnlyList<string>> Receive(int count, CancellationToken cancellationToken)
    {
        while (_received.Count < count)
        {
            await TakeTurns(cancellationToken);
        }

        return [.. Enumerable.Range(0, count).Select(_ => _received.Dequeue())];
    }

    /// <summary>Commits where the first member is to go on.</summary>
    public void Commit(TopicPartitionOffset next) => _members[0].Commit([next]);

    public void Dispose()
    {
        foreach (var member in _members)
        {
            member.Close();
            member.Dispose();
        }
    }

    private Task TakeTurns(CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                foreach (var member in _members)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (member.Consume(_turn) is { } result)
                    {
                        _partitions.Add(result.Partition);
                        _received.Enqueue(Encoding.UTF8.GetString(result.Message.Value));
                    }
                }
            },
            cancellationToken
        );
}
