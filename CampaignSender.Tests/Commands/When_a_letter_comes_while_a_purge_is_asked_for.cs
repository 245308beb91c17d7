using CampaignSender.Host.Commands;
using CampaignSender.Host.Transport;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

internal sealed class When_a_letter_comes_while_a_purge_is_asked_for
{
    /// <summary>A topic's partitions are read one after the other, so that it may be ahead of older ones.</summary>
    [Test, CancelAfter(10_000)]
    public async Task It_stays(CancellationToken cancellationToken)
    {
        var topic = new Topic { Places = { "campaigns.send.dlq [[7]] @0", "campaigns.send.dlq [[7]] @1" } };
        var visits = new DeadLetterVisits(topic, publisher: null!);

        var asked = await visits.OfNow(new DeadLetterSelection(), cancellationToken);
        topic.Places.Insert(0, "campaigns.send.dlq [[2]] @0");

        Assert.That(asked.Limit, Is.EqualTo(2));
        Assert.That(await visits.Purge(asked, cancellationToken), Is.EqualTo(2));
        Assert.That(topic.Places, Is.EqualTo(["campaigns.send.dlq [[2]] @0"]));
    }

    private sealed class Topic : IDeadLetters
    {
        public List<string> Places { get; } = [];

        public async Task Visit(Func<DeadLetter, Task<DeadLetterFate>> decide, CancellationToken cancellationToken)
        {
            foreach (var place in Places.ToList())
            {
                var letter = new DeadLetter
                {
                    Place = place,
                    Body = [],
                    Headers = new Dictionary<string, string>(),
                };
                switch (await decide(letter))
                {
                    case DeadLetterFate.Remove:
                        Places.Remove(place);
                        break;
                    case DeadLetterFate.KeepTheRest:
                        return;
                }
            }
        }
    }
}
