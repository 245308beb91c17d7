using CampaignSender.Host.Claiming;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Claiming;

internal sealed class When_chunks_are_dealt_out
{
    private readonly FakeTimeProvider _time = new();
    private readonly Guid[] _contacts = [.. Enumerable.Range(0, 1_000).Select(_ => Guid.NewGuid())];

    [Test]
    public void They_grow_while_they_are_dispatched_in_a_moment() =>
        Assert.That(Sizes(TimeSpan.FromMilliseconds(99)), Is.EqualTo([64, 64, 128, 256, 256, 232]));

    [Test]
    public void They_stay_as_they_are_where_it_takes_longer() =>
        Assert.That(Sizes(TimeSpan.FromMilliseconds(100)).Distinct(), Is.EqualTo([64, 40]));

    [Test]
    public void No_contact_is_left_out()
    {
        var chunks = new PageChunks(_contacts, 64, _time);

        Assert.That(All(chunks, TimeSpan.Zero).SelectMany(chunk => chunk.ToArray()), Is.EqualTo(_contacts));
    }

    [Test]
    public void A_page_without_contacts_has_none() => Assert.That(new PageChunks(default, 64, _time).Next().IsEmpty);

    private int[] Sizes(TimeSpan perChunk) =>
        [.. All(new PageChunks(_contacts, 64, _time), perChunk).Select(chunk => chunk.Length)];

    // The first two are claimed at once, each further one when one more has been dispatched.
    private IEnumerable<ReadOnlyMemory<Guid>> All(PageChunks chunks, TimeSpan perChunk)
    {
        yield return chunks.Next();
        for (var chunk = chunks.Next(); !chunk.IsEmpty; chunk = chunks.Next())
        {
            yield return chunk;
            _time.Advance(perChunk);
        }
    }
}
