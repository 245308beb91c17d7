using System.Text;
using CampaignSender.Contracts;
using NUnit.Framework;

namespace CampaignSender.Tests.Contracts;

/// <summary>Bodies made to cost time or memory, and bodies made by chance. Nothing but the one exception may come out.</summary>
public sealed class When_a_body_is_hostile
{
    private const int Megabyte = 1024 * 1024;
    private const int Seed = 20260301;

    [Test]
    public void Ten_megabytes_of_random_bytes_are_refused_cheaply()
    {
        var body = new byte[10 * Megabyte];
        new Random(Seed).NextBytes(body);

        AssertRefusedCheaply(body);
    }

    [TestCase("", "a", "", TestName = "Ten megabytes of text")]
    [TestCase("", " ", "", TestName = "Ten megabytes of blanks")]
    [TestCase("", "[", "", TestName = "Ten megabytes of open brackets")]
    [TestCase("{", "\"x\":1,", "\"x\":1}", TestName = "Ten megabytes of unknown fields")]
    [TestCase("{", "\"page\":{},", "\"page\":{}}", TestName = "Ten megabytes of one field again and again")]
    [TestCase("{\"contactIds\":[", "1,", "1]}", TestName = "Ten megabytes of invalid ids")]
    [TestCase("{\"contactIds\":[", "\"\\ud800\",", "1]}", TestName = "Ten megabytes of unpaired surrogates as ids")]
    [TestCase("{", "\"\\ud800\":1,", "\"x\":1}", TestName = "Ten megabytes of unpaired surrogates as names")]
    [TestCase("{\"", "\\u0070", "\":1}", TestName = "A name of ten megabytes")]
    [TestCase("{\"campaignId\":\"", "\\u0061", "\"}", TestName = "An id of ten megabytes")]
    [TestCase("{\"channelType\":\"", "\\u0061", "\"}", TestName = "A channel of ten megabytes")]
    [TestCase("{\"page\":", "9", "}", TestName = "A number of ten megabytes")]
    public void Ten_megabytes_are_refused_cheaply(string start, string repeated, string end)
    {
        var middle = string.Concat(Enumerable.Repeat(repeated, 10 * Megabyte / repeated.Length));

        AssertRefusedCheaply(Encoding.UTF8.GetBytes(start + middle + end));
    }

    [Test]
    public void Random_bytes_never_raise_another_exception()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 20_000; round++)
        {
            var body = new byte[random.Next(200)];
            random.NextBytes(body);

            ParseAsEveryMessage(body, round);
        }
    }

    [Test]
    public void Random_JSON_tokens_never_raise_another_exception()
    {
        string[] tokens =
        [
            .. "{ } [ ] , : \" \\ / \\u \\ud800 \\udc00 0 - 1 . e9 true false null \n".Split(' '),
            .. "\"page\" \"totalPages\" \"contactIds\" \"packKey\" \"completed\" \"triggeredAt\" \"action\"".Split(' '),
            "\"2026-03-01T09:30:00Z\"",
            $"\"{MessageBody.ContactId}\"",
            "\"campaignId\":",
            "\"correlationId\":",
        ];
        var random = new Random(Seed);
        for (var round = 0; round < 20_000; round++)
        {
            var text = "{" + string.Concat(random.GetItems(tokens, random.Next(20)));

            ParseAsEveryMessage(Encoding.UTF8.GetBytes(text), round);
        }
    }

    [Test]
    public void Random_mutations_of_valid_messages_never_raise_another_exception()
    {
        var random = new Random(Seed);
        byte[][] originals =
        [
            MessageBody.Send().ToBytes(),
            MessageBody.Tracked().ToBytes(),
            MessageBody.Control().ToBytes(),
            MessageBody.Pack().ToBytes(),
        ];
        for (var round = 0; round < 40_000; round++)
        {
            var body = originals[round % originals.Length].ToList();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                Mutate(body, random);
            }

            ParseAsEveryMessage([.. body], round);
        }
    }

    private static void Mutate(List<byte> body, Random random)
    {
        if (body.Count == 0)
        {
            return;
        }

        var position = random.Next(body.Count);
        switch (random.Next(5))
        {
            case 0:
                body[position] = (byte)random.Next(256);
                break;
            case 1:
                body[position] = (byte)random.Next(' ', 127);
                break;
            case 2:
                body.RemoveRange(position, random.Next(1, Math.Min(40, body.Count - position) + 1));
                break;
            case 3:
                body.InsertRange(position, body.GetRange(position, random.Next(Math.Min(60, body.Count - position))));
                break;
            default:
                body.Insert(position, (byte)"\\u\"{}[],:-.eE0dD"[random.Next(16)]);
                break;
        }
    }

    private static void ParseAsEveryMessage(byte[] body, int round)
    {
        Parse<CampaignsSend>(body, round);
        Parse<CampaignsTracked>(body, round);
        Parse<CampaignsControl>(body, round);
        Parse<CampaignsPack>(body, round);
    }

    /// <summary>What is accepted must be a whole message: it survives being written and read again.</summary>
    private static void Parse<T>(byte[] body, int round)
        where T : class
    {
        try
        {
            var message = MessageParser.Parse<T>(body, MessageLimits.Default);
            var again = MessageParser.Parse<T>(MessageWriter.Write(message), MessageLimits.Default);
            Assert.That(again, Is.EqualTo(message), $"round {round}");
        }
        catch (InvalidMessageException fault)
        {
            Assert.That(fault.Violations, Is.Not.Empty, $"round {round}");
        }
    }

    /// <summary>What is refused takes next to no memory, and so no time either.</summary>
    private static void AssertRefusedCheaply(byte[] body)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var fault = Parsing.FaultOf<CampaignsSend>(body);

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        TestContext.Out.WriteLine($"{allocated} bytes");
        Assert.That(allocated, Is.LessThan(Megabyte));
        Assert.That(fault.Violations, Has.Count.LessThanOrEqualTo(100));
        Assert.That(fault.Message, Has.Length.LessThan(4_000));
    }
}
