using System.Text;
using CampaignSender.Contracts;
using NUnit.Framework;

namespace CampaignSender.Tests.Contracts;

public sealed class When_a_message_is_written
{
    private static IEnumerable<MessageBody> SendBodies() =>
        [
            MessageBody.Send(),
            MessageBody.Send().Without("packKey"),
            MessageBody.Send().With("channelType", "\"email\""),
            MessageBody.Send().With("channelType", "\"sms\""),
        ];

    [TestCaseSource(nameof(SendBodies))]
    public void A_send_message_is_byte_for_byte_what_was_read(object body) =>
        AssertUnchanged<CampaignsSend>((MessageBody)body);

    [TestCase("true")]
    [TestCase("false")]
    public void A_tracked_message_is_byte_for_byte_what_was_read(string completed) =>
        AssertUnchanged<CampaignsTracked>(MessageBody.Tracked().With("completed", completed));

    [TestCase("pause")]
    [TestCase("stop")]
    [TestCase("resume")]
    public void A_control_message_is_byte_for_byte_what_was_read(string action) =>
        AssertUnchanged<CampaignsControl>(MessageBody.Control().With("action", $"\"{action}\""));

    [TestCase("schedule")]
    [TestCase("manual")]
    [TestCase("recurrence")]
    public void A_pack_message_is_byte_for_byte_what_was_read(string trigger) =>
        AssertUnchanged<CampaignsPack>(MessageBody.Pack().With("triggeredBy", $"\"{trigger}\""));

    [Test]
    public void Text_of_any_language_comes_back()
    {
        var message = Parsing.Of<CampaignsSend>(MessageBody.Send()) with { PackKey = "ação \"1\" \U0001F600 <&>\n" };

        var again = MessageParser.Parse<CampaignsSend>(MessageWriter.Write(message), MessageLimits.Default);

        Assert.That(again, Is.EqualTo(message));
    }

    [Test]
    public void A_time_keeps_its_ticks()
    {
        var message = Parsing.Of<CampaignsPack>(MessageBody.Pack()) with
        {
            TriggeredAt = new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.FromHours(5.5)).AddTicks(1_234_567),
        };

        var again = MessageParser.Parse<CampaignsPack>(MessageWriter.Write(message), MessageLimits.Default);

        Assert.That(again.TriggeredAt, Is.EqualTo(message.TriggeredAt));
        Assert.That(again.TriggeredAt.Offset, Is.EqualTo(message.TriggeredAt.Offset));
    }

    [Test]
    public void A_page_of_a_thousand_contacts_comes_back()
    {
        var random = new Random(7);
        var bytes = new byte[16];
        var contactIds = new List<Guid>();
        for (var i = 0; i < 1_000; i++)
        {
            random.NextBytes(bytes);
            contactIds.Add(new Guid(bytes));
        }

        var message = Parsing.Of<CampaignsSend>(MessageBody.Send()) with { ContactIds = contactIds };

        var again = MessageParser.Parse<CampaignsSend>(MessageWriter.Write(message), MessageLimits.Default);

        Assert.That(again, Is.EqualTo(message));
        Assert.That(again.ContactIds, Is.EqualTo(contactIds));
    }

    [Test]
    public void Pages_with_other_contacts_are_not_equal()
    {
        var message = Parsing.Of<CampaignsSend>(MessageBody.Send());

        Assert.That(message with { ContactIds = [.. message.ContactIds.Reverse()] }, Is.Not.EqualTo(message));
    }

    [Test]
    public void An_undefined_enum_value_is_a_mistake_of_the_caller()
    {
        var message = Parsing.Of<CampaignsControl>(MessageBody.Control()) with { Action = (ControlAction)9 };

        Assert.That(() => MessageWriter.Write(message), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static void AssertUnchanged<T>(MessageBody body)
        where T : class
    {
        var message = Parsing.Of<T>(body);

        var written = MessageWriter.Write(message);

        Assert.That(Encoding.UTF8.GetString(written), Is.EqualTo(body.ToString()));
        Assert.That(MessageParser.Parse<T>(written, MessageLimits.Default), Is.EqualTo(message));
    }
}
