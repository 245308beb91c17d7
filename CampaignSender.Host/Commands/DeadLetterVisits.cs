using CampaignSender.Host.Parking;
using CampaignSender.Host.Transport;

namespace CampaignSender.Host.Commands;

/// <summary>What operators do with the dead letters that fit a selection.</summary>
internal sealed class DeadLetterVisits(IDeadLetters letters, IPagePublisher publisher)
{
    /// <summary>The letters that fit, each with its place from 1 among all.</summary>
    public async Task<IReadOnlyList<ListedLetter>> Read(DeadLetterSelection which, CancellationToken cancellationToken)
    {
        var listed = new List<ListedLetter>();
        await Visit(
            which,
            (letter, number) =>
            {
                listed.Add(ListedLetter.Of(letter, number));
                return Task.FromResult(DeadLetterFate.Keep);
            },
            cancellationToken
        );
        return listed;
    }

    /// <returns>The letter at that place from 1, where there is one, and how many were seen up to it.</returns>
    public async Task<(DeadLetter? Letter, int Seen)> Find(int number, CancellationToken cancellationToken)
    {
        DeadLetter? wanted = null;
        var seen = await Visit(
            new DeadLetterSelection { Limit = number },
            (letter, place) =>
            {
                wanted = place == number ? letter : null;
                return Task.FromResult(DeadLetterFate.Keep);
            },
            cancellationToken
        );
        return (wanted, seen);
    }

    public Task<int> Count(DeadLetterSelection which, CancellationToken cancellationToken) =>
        Visit(which, (_, _) => Task.FromResult(DeadLetterFate.Keep), cancellationToken);

    /// <summary>Those that fit now, and none that comes later. There are as many as its limit says.</summary>
    public async Task<DeadLetterSelection> OfNow(DeadLetterSelection which, CancellationToken cancellationToken)
    {
        var places = new HashSet<string>();
        var count = await Visit(
            which,
            (letter, _) =>
            {
                if (letter.Place is { } place)
                {
                    places.Add(place);
                }

                return Task.FromResult(DeadLetterFate.Keep);
            },
            cancellationToken
        );
        return which with { Limit = count, Places = places };
    }

    /// <summary>Publishes them on the topic that they came from, and removes each when the broker has confirmed it.</summary>
    public Task<int> Replay(DeadLetterSelection which, CancellationToken cancellationToken) =>
        Visit(
            which,
            async (letter, _) =>
            {
                await publisher.Publish(letter.Body, letter.HeadersOfReplay(), cancellationToken);
                return DeadLetterFate.Remove;
            },
            cancellationToken
        );

    public Task<int> Purge(DeadLetterSelection which, CancellationToken cancellationToken) =>
        Visit(which, (_, _) => Task.FromResult(DeadLetterFate.Remove), cancellationToken);

    /// <returns>How many fitted.</returns>
    private async Task<int> Visit(
        DeadLetterSelection which,
        Func<DeadLetter, int, Task<DeadLetterFate>> decide,
        CancellationToken cancellationToken
    )
    {
        var number = 0;
        var fitting = 0;
        var removed = 0;
        try
        {
            await letters.Visit(Decide, cancellationToken);
            return fitting;
        }
        catch when (removed > 0)
        {
            await Console.Error.WriteLineAsync(
                $"{CommandText.Count(removed, "dead letter")} {(removed == 1 ? "was" : "were")} seen to before it broke off, the last of them perhaps in vain"
            );
            throw;
        }

        async Task<DeadLetterFate> Decide(DeadLetter letter)
        {
            number++;
            if (fitting == which.Limit)
            {
                return DeadLetterFate.KeepTheRest;
            }

            if (!which.Fits(letter))
            {
                return DeadLetterFate.Keep;
            }

            fitting++;
            var fate = await decide(letter, number);
            removed += fate is DeadLetterFate.Remove ? 1 : 0;
            return fate;
        }
    }
}
