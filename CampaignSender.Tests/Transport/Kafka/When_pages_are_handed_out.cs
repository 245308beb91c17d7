using NUnit.Framework;

namespace CampaignSender.Tests.Transport.Kafka;

internal sealed class When_pages_are_handed_out : ScheduleTest
{
    [Test, CancelAfter(5_000)]
    public async Task The_partitions_take_turns()
    {
        Receive(A, 0, 1, 2);
        Receive(B, 0);

        var first = await Take(2);
        var rest = await Take(2);

        Assert.That(first.Select(page => page.Message.TopicPartition), Is.EquivalentTo([A, B]));
        Assert.That(rest.Select(page => page.Message.Offset.Value), Is.EqualTo([1, 2]), "those of A");
    }

    [Test, CancelAfter(5_000)]
    public async Task Whoever_waits_gets_the_next_one()
    {
        var waiting = Take();
        Assert.That(waiting.IsCompleted, Is.False);

        Receive(B, 7);

        Assert.That((await waiting).Message.Offset.Value, Is.EqualTo(7));
    }

    [Test, CancelAfter(5_000)]
    public void Nobody_waits_after_the_end()
    {
        using var end = new CancellationTokenSource();
        var waiting = Schedule.Take(end.Token);

        end.Cancel();

        Assert.That(() => waiting, Throws.InstanceOf<OperationCanceledException>());
        Receive(A, 0);
        Assert.That(() => Schedule.Take(end.Token), Throws.InstanceOf<OperationCanceledException>(), "a page is there");
    }

    [Test, CancelAfter(5_000)]
    public async Task A_partition_that_has_enough_is_full_until_half_of_it_is_begun()
    {
        Schedule.Balance();
        Receive(A, 0, 1, 2);
        Receive(B, 0, 1);

        var (full, free) = Schedule.Balance();
        Assert.That(full, Is.EqualTo([A]));
        Assert.That(free, Is.Empty);

        await Begin(A, 1);
        Assert.That(Schedule.Balance().Free, Is.Empty);
        await Begin(A, 1);
        Assert.That(Schedule.Balance().Free, Is.EqualTo([A]));
        Assert.That(Schedule.Balance(), Is.EqualTo((Full: Array.Empty<object>(), Free: Array.Empty<object>())));
    }

    [Test, CancelAfter(5_000)]
    public void A_new_one_is_free_since_nobody_knows_how_it_was_left()
    {
        Receive(A, 0, 1, 2);

        Assert.That(Schedule.Balance().Free, Is.EqualTo([A, B]));
        var (full, free) = Schedule.Balance();
        Assert.That(full, Is.EqualTo([A]));
        Assert.That(free, Is.Empty);
    }

    private async Task Begin(Confluent.Kafka.TopicPartition partition, int count)
    {
        for (var begun = 0; begun < count; )
        {
            begun += (await Take()).Message.TopicPartition == partition ? 1 : 0;
        }
    }
}
