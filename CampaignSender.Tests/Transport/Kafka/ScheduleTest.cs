using CampaignSender.Host.Transport.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Transport.Kafka;

/// <summary>A schedule with two partitions, <c>A</c> and <c>B</c>, and three pages per partition.</summary>
internal abstract class ScheduleTest
{
    protected const int PagesPerPartition = 3;

    protected static readonly TopicPartition A = new("pages", 0);
    protected static readonly TopicPartition B = new("pages", 1);

    protected FakeTimeProvider Time { get; private set; } = null!;

    protected PageSchedule Schedule { get; private set; } = null!;

    [SetUp]
    public void Assign()
    {
        Time = new FakeTimeProvider();
        Schedule = new PageSchedule(PagesPerPartition, Time);
        Schedule.Assign([A, B]);
    }

    protected void Receive(TopicPartition partition, params long[] offsets)
    {
        foreach (var offset in offsets)
        {
            Schedule.Add(
                new ConsumeResult<byte[]?, byte[]?>
                {
                    TopicPartitionOffset = new TopicPartitionOffset(partition, offset),
                    Message = new Message<byte[]?, byte[]?>(),
                }
            );
        }
    }

    protected Task<ReceivedPage> Take() => Schedule.Take(CancellationToken.None);

    protected async Task<List<ReceivedPage>> Take(int count)
    {
        var pages = new List<ReceivedPage>();
        while (pages.Count < count)
        {
            pages.Add(await Take());
        }

        return pages;
    }

    protected void Postpone(ReceivedPage page, int seconds) =>
        Schedule.Postpone(page, TimeSpan.FromSeconds(seconds), CancellationToken.None);

    protected void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));
}
