using CampaignSender.Contracts;
using Confluent.Kafka;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// The topic read as a queue: what a group of its own has committed is gone. A letter that is kept while one behind it goes
/// is produced once more, at the end; only then is the place behind it committed.
/// </summary>
internal sealed class KafkaDeadLetterTopic(KafkaClients clients, KafkaProducer producer) : IDeadLetters
{
    /// <summary>A broker that has not answered by then counts as away.</summary>
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(15);

    public async Task Visit(Func<DeadLetter, Task<DeadLetterFate>> decide, CancellationToken cancellationToken)
    {
        using var reader = clients.DeadLetterReader().Build();
        // All ends ahead of the first letter: one that is replayed may be back before the last partition is read.
        foreach (var letters in Partitions(reader).Select(partition => Waiting(reader, partition)).ToList())
        {
            if (!await Visit(reader, letters, decide, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>Without its time, which may be the broker's: the client refuses to produce that.</summary>
    public static Message<byte[]?, byte[]?> Anew(Message<byte[]?, byte[]?> letter) =>
        new()
        {
            Key = letter.Key,
            Value = letter.Value,
            Headers = letter.Headers,
        };

    private static List<TopicPartition> Partitions(IConsumer<byte[]?, byte[]?> reader)
    {
        using var admin = new DependentAdminClientBuilder(reader.Handle).Build();
        try
        {
            return admin.PartitionsOf(Topics.SendDeadLetters, RequestTime);
        }
        catch (KafkaException missing) when (missing.Error.Code is ErrorCode.UnknownTopicOrPart)
        {
            return [];
        }
    }

    private static WaitingLetters Waiting(IConsumer<byte[]?, byte[]?> reader, TopicPartition partition)
    {
        var ends = reader.QueryWatermarkOffsets(partition, RequestTime);
        var committed = reader.Committed([partition], RequestTime).Single().Offset;
        return new WaitingLetters(partition, Math.Max(committed.Value, ends.Low.Value), ends.High.Value);
    }

    /// <returns>Whether further letters are to be shown.</returns>
    private async Task<bool> Visit(
        IConsumer<byte[]?, byte[]?> reader,
        WaitingLetters letters,
        Func<DeadLetter, Task<DeadLetterFate>> decide,
        CancellationToken cancellationToken
    )
    {
        var next = letters.Next;
        reader.Assign(new TopicPartitionOffset(letters.Partition, next));
        // Their places alone: it may be read in the container of a replica, which has no room for thousands of letters.
        var kept = new List<long>();
        while (next < letters.End && Read(reader) is { IsPartitionEOF: false } letter)
        {
            next = letter.Offset.Value + 1;
            switch (await decide(ReadLetter(letter)))
            {
                case DeadLetterFate.Keep:
                    kept.Add(letter.Offset);
                    continue;
                case DeadLetterFate.KeepTheRest:
                    return false;
            }

            if (kept.Count > 0)
            {
                await ProduceAgain(reader, letters.Partition, kept, cancellationToken);
                kept.Clear();
                reader.Assign(new TopicPartitionOffset(letters.Partition, next));
            }

            reader.Commit([new TopicPartitionOffset(letters.Partition, next)]);
        }

        return true;
    }

    /// <summary>Leaves the reader behind the last of them.</summary>
    private async Task ProduceAgain(
        IConsumer<byte[]?, byte[]?> reader,
        TopicPartition partition,
        List<long> offsets,
        CancellationToken cancellationToken
    )
    {
        reader.Assign(new TopicPartitionOffset(partition, offsets[0]));
        var wanted = offsets.ToHashSet();
        ConsumeResult<byte[]?, byte[]?> letter;
        do
        {
            letter = Read(reader);
            if (!letter.IsPartitionEOF && wanted.Contains(letter.Offset))
            {
                await producer.Produce(Topics.SendDeadLetters, Anew(letter.Message), cancellationToken);
            }
        } while (!letter.IsPartitionEOF && letter.Offset < offsets[^1]);
    }

    private static ConsumeResult<byte[]?, byte[]?> Read(IConsumer<byte[]?, byte[]?> reader) =>
        reader.Consume(RequestTime)
        ?? throw new TimeoutException($"Kafka did not answer in {RequestTime.TotalSeconds:0} s");

    private static DeadLetter ReadLetter(ConsumeResult<byte[]?, byte[]?> letter) =>
        new()
        {
            Place = $"{letter.TopicPartitionOffset}",
            Body = letter.Message.Value ?? [],
            Headers = KafkaHeaders.Texts(letter.Message.Headers),
        };

    /// <param name="End">The place behind the last one.</param>
    private sealed record WaitingLetters(TopicPartition Partition, long Next, long End);
}
