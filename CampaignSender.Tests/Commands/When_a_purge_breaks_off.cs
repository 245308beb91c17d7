using CampaignSender.Host.Commands;
using CampaignSender.Host.Transport;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

internal sealed class When_a_purge_breaks_off
{
    private readonly StringWriter _errors = new();
    private TextWriter _console = null!;

    [SetUp]
    public void Listen()
    {
        _console = Console.Error;
        Console.SetError(_errors);
    }

    [TearDown]
    public void StopListening()
    {
        Console.SetError(_console);
        _errors.Dispose();
    }

    [Test, CancelAfter(10_000)]
    public void It_tells_how_many_are_gone(CancellationToken cancellationToken)
    {
        var visits = new DeadLetterVisits(new BrokerThatGoesAwayAfter(3), publisher: null!);

        Assert.That(
            () => visits.Purge(new DeadLetterSelection(), cancellationToken),
            Throws.InstanceOf<TimeoutException>()
        );
        Assert.That(_errors.ToString(), Does.StartWith("3 dead letters were seen to before it broke off"));
    }

    private sealed class BrokerThatGoesAwayAfter(int letters) : IDeadLetters
    {
        public async Task Visit(Func<DeadLetter, Task<DeadLetterFate>> decide, CancellationToken cancellationToken)
        {
            for (var letter = 0; letter < letters; letter++)
            {
                await decide(new DeadLetter { Body = [], Headers = new Dictionary<string, string>() });
            }

            throw new TimeoutException();
        }
    }
}
