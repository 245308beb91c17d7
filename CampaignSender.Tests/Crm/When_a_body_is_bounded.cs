using CampaignSender.Host.Crm;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_a_body_is_bounded
{
    private const int Limit = 10_000;

    private static readonly int[] Lengths = [0, 1, 2_047, 2_048, 2_049, 4_096, 4_097, Limit - 1, Limit];
    private static readonly int[] Portions = [1, 1_000, int.MaxValue];

    [Test]
    public async Task It_is_read_to_its_end(
        [ValueSource(nameof(Lengths))] int length,
        [ValueSource(nameof(Portions))] int portion,
        [Values] bool isAnnounced
    )
    {
        var content = Content(length);

        var body = await Read(new PortionedStream(content, portion), isAnnounced ? length : null);

        Assert.That(body, Is.EqualTo(content));
    }

    [Test]
    public async Task More_than_the_limit_is_left_unread(
        [Values(Limit + 1, 5 * Limit)] int length,
        [ValueSource(nameof(Portions))] int portion,
        [Values] bool isAnnounced
    )
    {
        var content = Content(length);
        using var stream = new PortionedStream(content, portion);

        var body = await Read(stream, isAnnounced ? length : null);

        Assert.That(body, Is.EqualTo(content[..Limit]));
        Assert.That(stream.Position, Is.EqualTo(Limit));
    }

    [Test]
    public async Task A_body_that_breaks_off_is_read_as_far_as_it_came() =>
        Assert.That(await Read(new PortionedStream(Content(7), 3), 5_000), Is.EqualTo(Content(7)));

    [Test]
    public async Task An_announced_gigabyte_costs_no_gigabyte()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        await Read(new PortionedStream(Content(7), 7), 1L << 40);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(10 * Limit));
    }

    [Test]
    public void A_cancellation_ends_it() =>
        Assert.That(
            async () =>
                await BoundedBody.Read(
                    new PortionedStream(Content(7), 7),
                    null,
                    Limit,
                    static body => body.Length,
                    new CancellationToken(canceled: true)
                ),
            Throws.InstanceOf<OperationCanceledException>()
        );

    private static byte[] Content(int length) => [.. Enumerable.Range(0, length).Select(index => (byte)(index % 251))];

    private static Task<byte[]> Read(Stream stream, long? expectedLength) =>
        BoundedBody.Read(stream, expectedLength, Limit, static body => body.ToArray(), CancellationToken.None);

    /// <summary>Hands out its content as a network does, in pieces.</summary>
    private sealed class PortionedStream(byte[] content, int portion) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(portion, buffer.Length)], cancellationToken);
    }
}
