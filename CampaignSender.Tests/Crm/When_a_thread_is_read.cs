using System.Text;
using CampaignSender.Host.Crm;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_a_thread_is_read
{
    private const string Key = "44444444-aaaa-4bbb-8ccc-000000000001";
    private const int Length = 2_000;

    [Test]
    public void A_message_is_found_by_its_key_wherever_it_is(
        [Values] bool isWrapped,
        [Values(0, Length / 2, Length - 1)] int position
    ) =>
        Assert.That(
            CrmThread.Find(Thread(isWrapped, Length, position), Key),
            Is.EqualTo(new CrmThreadSearch(true, $"{position}"))
        );

    [Test]
    public void A_thread_without_the_key_holds_no_such_message([Values] bool isWrapped) =>
        Assert.That(CrmThread.Find(Thread(isWrapped, Length, null), Key), Is.EqualTo(new CrmThreadSearch(false, null)));

    [Test]
    public void A_new_thread_holds_no_message([Values] bool isWrapped) =>
        Assert.That(CrmThread.Find(Thread(isWrapped, 0, null), Key), Is.EqualTo(new CrmThreadSearch(false, null)));

    [TestCase("null")]
    [TestCase("7")]
    [TestCase("{}")]
    [TestCase("""{"content":"44444444-aaaa-4bbb-8ccc-000000000001"}""")]
    [TestCase("""{"dispatch_key":"44444444-aaaa-4bbb-8ccc-000000000001"}""")]
    [TestCase("""{"template_params":null}""")]
    [TestCase("""{"template_params":"44444444-aaaa-4bbb-8ccc-000000000001"}""")]
    [TestCase("""{"template_params":{"dispatch_key":7}}""")]
    [TestCase("""{"template_params":{"dispatch_key":"44444444-aaaa-4bbb-8ccc-00000000000"}}""")]
    [TestCase("""{"template_params":{"processed_params":{"dispatch_key":"44444444-aaaa-4bbb-8ccc-000000000001"}}}""")]
    public void Only_a_key_in_the_template_params_counts(string message) =>
        Assert.That(
            CrmThread.Find(Given.Body($$"""{"messages":[{{message}}]}"""), Key),
            Is.EqualTo(new CrmThreadSearch(false, null))
        );

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"data":null}""")]
    [TestCase("""{"data":[]}""")]
    [TestCase("""{"data":{"id":1}}""")]
    [TestCase("""{"messages":null}""")]
    [TestCase("""{"messages":{}}""")]
    [TestCase("""{"messages":[{"id":1,"template_params":{"dispatch_key":"44444444-aaaa-4bbb-8ccc-000000000001"}}""")]
    [TestCase("<html>Bad gateway</html>")]
    public void A_body_that_shows_no_messages_proves_nothing(string body)
    {
        Assert.That(CrmThread.Find(Given.Body(body), Key), Is.Null);
        Assert.That(CrmThread.LastMessageId(Given.Body(body)), Is.Null);
    }

    [Test]
    public void Text_in_another_encoding_proves_nothing()
    {
        var body = Encoding.Latin1.GetBytes("""{"messages":[{"id":"é","template_params":{"dispatch_key":"é"}}]}""");

        Assert.That(CrmThread.Find(body, Key), Is.Null);
        Assert.That(CrmThread.LastMessageId(body), Is.Null);
    }

    [TestCase("""[{"id":1},{"id":2}]""", "2")]
    [TestCase("""[{"id":"a"},{"id":"b"}]""", "b")]
    [TestCase("""[{"id":1},{}]""", null)]
    [TestCase("""[{"id":1},7]""", null)]
    [TestCase("[]", null)]
    public void Our_message_is_the_last(string messages, string? id)
    {
        Assert.That(CrmThread.LastMessageId(Given.Body($$"""{"messages":{{messages}}}""")), Is.EqualTo(id));
        Assert.That(CrmThread.LastMessageId(Given.Body($$$"""{"data":{"messages":{{{messages}}}}}""")), Is.EqualTo(id));
    }

    private static ReadOnlyMemory<byte> Thread(bool isWrapped, int length, int? position)
    {
        var messages = Enumerable
            .Range(0, length)
            .Select(index =>
                $$$"""{"id":{{{index}}},"content":"Hi","template_params":{"name":"offer","dispatch_key":"{{{(index == position ? Key : Guid.NewGuid())}}}"}}"""
            );
        var thread = $$"""{"id":1,"messages":[{{string.Join(',', messages)}}]}""";
        return Given.Body(isWrapped ? $$"""{"success":true,"data":{{thread}}}""" : thread);
    }
}
