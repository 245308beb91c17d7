using System.Text;
using CampaignSender.Contracts;
using NUnit.Framework;

namespace CampaignSender.Tests.Contracts;

public sealed class When_a_document_is_broken
{
    private const string MustBeJson = "$ must be well-formed JSON";

    [TestCase("")]
    [TestCase("{}")]
    [TestCase(" { } ")]
    public void An_empty_body_lacks_every_field(string body)
    {
        Assert.That(
            Parsing.ViolationsOf<CampaignsSend>(body),
            Is.EqualTo([
                "$.campaignId is required",
                "$.page is required",
                "$.totalPages is required",
                "$.contactIds is required",
                "$.templateId is required",
                "$.channelType is required",
                "$.correlationId is required",
            ])
        );
    }

    [TestCase(" ")]
    [TestCase("hello")]
    [TestCase("{")]
    [TestCase("{\"")]
    [TestCase("{'campaignId':1}")]
    [TestCase("{\"a\" 1}")]
    [TestCase("[")]
    [TestCase("\0")]
    [TestCase("NaN")]
    [TestCase("// a comment")]
    public void Text_that_is_not_JSON_is_refused(string body)
    {
        Assert.That(Parsing.ViolationsOf<CampaignsControl>(body), Does.Contain(MustBeJson));
    }

    [Test]
    public void Every_cut_of_a_valid_message_is_refused()
    {
        var whole = MessageBody.Send().ToBytes();

        for (var length = 1; length < whole.Length; length++)
        {
            Assert.That(
                Parsing.ViolationsOf<CampaignsSend>(whole[..length]),
                Is.EqualTo([MustBeJson]),
                $"{length} bytes"
            );
        }
    }

    [Test]
    public void What_was_found_before_the_document_breaks_is_reported_behind_the_break()
    {
        Assert.That(
            Parsing.ViolationsOf<CampaignsSend>("{\"page\":0,\"surprise\":1,"),
            Is.EqualTo([
                MustBeJson,
                "$.page must be a whole number from 1 to 2147483647",
                "$.surprise is not a known field",
            ])
        );
    }

    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("[[{\"a\":1}]]")]
    [TestCase("\"text\"")]
    [TestCase("12")]
    [TestCase("true")]
    public void A_root_that_is_no_object_is_refused(string body)
    {
        Assert.That(Parsing.ViolationsOf<CampaignsSend>(body), Is.EqualTo(["$ must be an object"]));
    }

    [TestCase("}")]
    [TestCase("{}")]
    [TestCase(" x")]
    [TestCase(",")]
    [TestCase("\0")]
    public void Anything_behind_the_object_is_refused(string garbage)
    {
        Assert.That(
            Parsing.ViolationsOf<CampaignsSend>(MessageBody.Send() + garbage),
            Is.EqualTo(["$ must not be followed by anything"])
        );
    }

    [Test]
    public void White_space_around_the_object_is_accepted()
    {
        var body = Encoding.UTF8.GetBytes($" \r\n\t{MessageBody.Send()} \n");

        Assert.That(() => MessageParser.Parse<CampaignsSend>(body, MessageLimits.Default), Throws.Nothing);
    }

    [Test]
    public void A_byte_order_mark_is_refused_by_name()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. MessageBody.Send().ToBytes()];

        Assert.That(Parsing.ViolationsOf<CampaignsSend>(body), Is.EqualTo(["$ must not start with a byte order mark"]));
    }

    [Test]
    public void Invalid_UTF8_is_refused_wherever_it_stands([Values("packKey", "unknown")] string field)
    {
        var body = MessageBody.Send().With(field, "\"?\"").ToBytes();
        body[Array.IndexOf(body, (byte)'?')] = 0xC3;

        Assert.That(Parsing.ViolationsOf<CampaignsSend>(body), Is.EqualTo(["$ must be valid UTF-8"]));
    }

    [Test]
    public void UTF16_is_refused()
    {
        var body = Encoding.Unicode.GetBytes(MessageBody.Send().ToString());

        Assert.That(Parsing.ViolationsOf<CampaignsSend>(body), Is.EqualTo([MustBeJson]));
    }

    [Test]
    public void Sixty_four_levels_are_read_and_one_more_is_refused()
    {
        const string TooDeep = "$ must not be nested deeper than 64 levels";
        const string Unknown = "$.deep is not a known field";

        Assert.That(Parsing.ViolationsOf<CampaignsSend>(Nested('[', 63, ']')), Is.EqualTo([Unknown]));
        Assert.That(Parsing.ViolationsOf<CampaignsSend>(Nested('[', 64, ']')), Is.EqualTo([TooDeep, Unknown]));
        Assert.That(
            Parsing.ViolationsOf<CampaignsSend>(new string('[', 65)),
            Is.EqualTo([TooDeep, "$ must be an object"])
        );
        Assert.That(
            Parsing.ViolationsOf<CampaignsSend>(string.Concat(Enumerable.Repeat("{\"a\": ", 100_000))),
            Is.EqualTo([TooDeep, "$.a is not a known field"])
        );
    }

    [Test]
    public void An_unpaired_surrogate_in_a_name_is_just_an_unknown_name()
    {
        Assert.That(
            Parsing.ViolationsOf<CampaignsSend>(MessageBody.Send().With("\\ud800", "1")),
            Is.EqualTo(["$._ud800 is not a known field"])
        );
    }

    [Test]
    public void A_type_that_is_no_message_is_a_mistake_of_the_caller()
    {
        Assert.That(
            () => MessageParser.Parse<string>("{}"u8.ToArray(), MessageLimits.Default),
            Throws.TypeOf<NotSupportedException>()
        );
    }

    private static MessageBody Nested(char open, int depth, char close) =>
        MessageBody.Send().With("deep", new string(open, depth) + new string(close, depth));
}
