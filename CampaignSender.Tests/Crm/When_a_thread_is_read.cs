using System.Text;
using CampaignSender.Host.Crm;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_a_thread_is_read
{
    private const string Key = "44444444-aaaa-4bbb-8ccc-000000000001";
    private const int Length = 2_000;

    [Test]
    public async Task A_message_is_found_by_its_key_wherever_it_is(
        [Values] bool isWrapped,
        [Values(0, Length / 2, Length - 1)] int position
    ) =>
        Assert.That(
            await Read(Thread(isWrapped, Length, position)),
            Is.EqualTo(new ThreadReading(Found: true, $"{position}"))
        );

    [Test]
    public async Task A_thread_without_the_key_holds_no_such_message([Values] bool isWrapped) =>
        Assert.That(
            await Read(Thread(isWrapped, Length, null)),
            Is.EqualTo(new ThreadReading(Found: false, $"{Length - 1}"))
        );

    [Test]
    public async Task A_new_thread_holds_no_message([Values] bool isWrapped) =>
        Assert.That(await Read(Thread(isWrapped, 0, null)), Is.EqualTo(new ThreadReading(Found: false, null)));

    [Test]
    public async Task It_may_arrive_in_pieces_of_any_size([Values(1, 2, 3, 7, 1000)] int size, [Values] bool isWrapped)
    {
        using var pieces = new InPieces(Encoding.UTF8.GetBytes(Thread(isWrapped, 20, 13)), size);

        Assert.That(
            await ThreadReader.Read(pieces, Guid.Parse(Key), CancellationToken.None),
            Is.EqualTo(new ThreadReading(Found: true, "13"))
        );
    }

    [Test]
    public async Task A_text_may_be_longer_than_the_first_piece()
    {
        var text = new string('x', 100_000);

        var thread = await Read(
            $$$"""{"messages":[{"content":"{{{text}}}"},{"id":7,"template_params":{"dispatch_key":"{{{Key}}}"}}]}"""
        );

        Assert.That(thread, Is.EqualTo(new ThreadReading(Found: true, "7")));
    }

    [Test]
    public async Task A_text_without_an_end_is_given_up()
    {
        Assert.That(await Read($$"""{"messages":[{"content":"{{new string('x', 10_000_000)}}"}]}"""), Is.Null);
    }

    [TestCase("a\\u0000")]
    [TestCase("a\\n")]
    [TestCase("12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901")]
    public async Task An_id_that_is_not_like_one_is_left_out(string id) =>
        Assert.That(
            await Read($$$"""{"messages":[{"id":"{{{id}}}","template_params":{"dispatch_key":"{{{Key}}}"}}]}"""),
            Is.EqualTo(new ThreadReading(Found: true, null))
        );

    // The CRM keeps them among a message's additional attributes, and shows them there.
    [TestCase("""{"id":7,"template_params":{"name":"offer","dispatch_key":"*"}}""")]
    [TestCase("""{"id":7,"additional_attributes":{"template_params":{"name":"offer","dispatch_key":"*"}}}""")]
    [TestCase("""{"additional_attributes":{"template_params":{"dispatch_key":"*","id":1},"id":2},"id":7}""")]
    [TestCase("""{"additional_attributes":{"a":{"b":[]},"template_params":{"a":{},"dispatch_key":"*"}},"id":7}""")]
    [TestCase("""{"additional_attributes":{},"template_params":{"dispatch_key":"*"},"id":7}""")]
    public async Task The_key_is_found_in_the_message_or_among_its_additional_attributes(string message)
    {
        var ours = message.Replace("*", Key, StringComparison.Ordinal);

        Assert.That(
            await Read($$"""{"messages":[{"id":1},{{ours}},{"id":9}]}"""),
            Is.EqualTo(new ThreadReading(Found: true, "7"))
        );
    }

    [TestCase("null")]
    [TestCase("7")]
    [TestCase("{}")]
    [TestCase("""{"additional_attributes":null}""")]
    [TestCase(
        """{"additional_attributes":[{"template_params":{"dispatch_key":"44444444-aaaa-4bbb-8ccc-000000000001"}}]}"""
    )]
    [TestCase("""{"additional_attributes":{"dispatch_key":"44444444-aaaa-4bbb-8ccc-000000000001"}}""")]
    [TestCase(
        """{"additional_attributes":{"a":{"template_params":{"dispatch_key":"44444444-aaaa-4bbb-8ccc-000000000001"}}}}"""
    )]
    [TestCase("""{"content_attributes":{"template_params":{"dispatch_key":"44444444-aaaa-4bbb-8ccc-000000000001"}}}""")]
    [TestCase("[]")]
    [TestCase("""{"content":"44444444-aaaa-4bbb-8ccc-000000000001"}""")]
    [TestCase("""{"dispatch_key":"44444444-aaaa-4bbb-8ccc-000000000001"}""")]
    [TestCase("""{"template_params":null}""")]
    [TestCase("""{"template_params":["dispatch_key","44444444-aaaa-4bbb-8ccc-000000000001"]}""")]
    [TestCase("""{"template_params":"44444444-aaaa-4bbb-8ccc-000000000001"}""")]
    [TestCase("""{"template_params":{"dispatch_key":7}}""")]
    [TestCase("""{"template_params":{"dispatch_key":"44444444-aaaa-4bbb-8ccc-00000000000"}}""")]
    [TestCase("""{"template_params":{"processed_params":{"dispatch_key":"44444444-aaaa-4bbb-8ccc-000000000001"}}}""")]
    [TestCase("""{"quoted":{"template_params":{"dispatch_key":"44444444-aaaa-4bbb-8ccc-000000000001"}}}""")]
    public async Task Only_a_key_in_the_template_params_counts(string message) =>
        Assert.That(await Read($$"""{"messages":[{{message}}]}"""), Is.EqualTo(new ThreadReading(Found: false, null)));

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"data":null}""")]
    [TestCase("""{"data":[]}""")]
    [TestCase("""{"data":{"id":1}}""")]
    [TestCase("""{"messages":null}""")]
    [TestCase("""{"messages":{}}""")]
    [TestCase("""{"other":{"messages":[]}}""")]
    [TestCase("""{"messages":[{"id":1,"template_params":{"dispatch_key":"another"}}""")]
    [TestCase("""{"messages":[{"id":1,"template_params":{"dispatch_key":"44444444-aaaa-4bbb-8ccc-000000000001"}""")]
    [TestCase("<html>Bad gateway</html>")]
    public async Task A_body_that_does_not_show_the_messages_proves_nothing(string body) =>
        Assert.That(await Read(body), Is.Null);

    [Test]
    public async Task Text_in_another_encoding_proves_nothing()
    {
        using var body = new MemoryStream(
            Encoding.Latin1.GetBytes("""{"messages":[{"id":"é","template_params":{"dispatch_key":"é"}}]}""")
        );

        Assert.That(await ThreadReader.Read(body, Guid.Parse(Key), CancellationToken.None), Is.Null);
    }

    [TestCase("""[{"id":1},{"id":2}]""", "2")]
    [TestCase("""[{"id":"a"},{"id":"b"}]""", "b")]
    [TestCase("""[{"id":"a"},{"content":{"id":"b"},"id":"c"}]""", "c")]
    [TestCase("""[{"id":1},{}]""", null)]
    [TestCase("""[{"id":1},7]""", null)]
    [TestCase("[]", null)]
    public async Task Without_a_key_the_last_message_is_ours(string messages, string? id)
    {
        Assert.That((await Read($$"""{"messages":{{messages}}}"""))!.MessageId, Is.EqualTo(id));
        Assert.That((await Read($$$"""{"data":{"messages":{{{messages}}}}}"""))!.MessageId, Is.EqualTo(id));
    }

    private static async Task<ThreadReading?> Read(string body)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return await ThreadReader.Read(stream, Guid.Parse(Key), CancellationToken.None);
    }

    private static string Thread(bool isWrapped, int length, int? position)
    {
        var messages = Enumerable
            .Range(0, length)
            .Select(index =>
                $$$"""{"id":{{{index}}},"content":"Hi","template_params":{"name":"offer","dispatch_key":"{{{(index == position ? Key : Guid.NewGuid())}}}"}}"""
            );
        var thread = $$"""{"id":1,"messages":[{{string.Join(',', messages)}}],"meta":{} }""";
        return isWrapped ? $$"""{"success":true,"data":{{thread}} }""" : thread;
    }

    private sealed class InPieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
