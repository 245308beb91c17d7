using CampaignSender.Contracts;
using NUnit.Framework;

namespace CampaignSender.Tests.Contracts;

public sealed class When_a_pack_message_is_parsed
{
    [TestCase("schedule", PackTrigger.Schedule)]
    [TestCase("manual", PackTrigger.Manual)]
    [TestCase("recurrence", PackTrigger.Recurrence)]
    public void Every_field_is_read(string name, PackTrigger trigger)
    {
        Assert.That(
            Parsing.Of<CampaignsPack>(MessageBody.Pack().With("triggeredBy", $"\"{name}\"")),
            Is.EqualTo(
                new CampaignsPack
                {
                    CampaignId = Guid.Parse(MessageBody.CampaignId),
                    TriggeredAt = new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.FromHours(-3)),
                    TriggeredBy = trigger,
                    CorrelationId = Guid.Parse(MessageBody.CorrelationId),
                }
            )
        );
    }

    [TestCase("2026-03-01T12:30:00Z")]
    [TestCase("2026-03-01T12:30:00.000Z")]
    [TestCase("2026-03-01T12:30Z")]
    [TestCase("2026-03-01T12:30:00+00:00")]
    [TestCase("2026-03-01T12:30:00\\u002B00:00")]
    [TestCase("2026-03-01T18:00:00.0000000+05:30")]
    public void The_offset_of_a_time_is_honoured(string value)
    {
        var message = Parsing.Of<CampaignsPack>(MessageBody.Pack().With("triggeredAt", $"\"{value}\""));

        Assert.That(message.TriggeredAt.UtcDateTime, Is.EqualTo(new DateTime(2026, 3, 1, 12, 30, 0, DateTimeKind.Utc)));
    }

    [TestCase("\"2026-03-01T09:30:00\"")]
    [TestCase("\"2026-03-01T09:30:00.123456\"")]
    [TestCase("\"2026-03-01T09:30\"")]
    [TestCase("\"2026-03-01\"")]
    [TestCase("\"2026-02-30T09:30:00Z\"")]
    [TestCase("\"2026-03-01 09:30:00Z\"")]
    [TestCase("\"2026-03-01T09:30:00z\"")]
    [TestCase("\"2026-03-01T25:30:00Z\"")]
    [TestCase("\"2026-03-01T09:30:00+25:00\"")]
    [TestCase("\"0001-01-01T00:00:00+14:00\"")]
    [TestCase("\"9999-12-31T23:59:59-14:00\"")]
    [TestCase("\"Sun, 01 Mar 2026 09:30:00 GMT\"")]
    [TestCase("\"2026-03-01T09:30:00Z\\ud800\"")]
    [TestCase("\"\"")]
    [TestCase("1772357400")]
    [TestCase("null")]
    public void A_time_that_is_not_ISO_8601_with_an_offset_is_refused(string value)
    {
        var violations = Parsing.ViolationsOf<CampaignsPack>(MessageBody.Pack().With("triggeredAt", value));

        Assert.That(
            violations,
            Is.EqualTo(["$.triggeredAt must be an ISO 8601 date and time with Z or an offset such as -03:00"])
        );
    }

    [TestCase("\"cron\"")]
    [TestCase("2")]
    [TestCase("null")]
    public void An_unknown_trigger_is_refused(string value)
    {
        var violations = Parsing.ViolationsOf<CampaignsPack>(MessageBody.Pack().With("triggeredBy", value));

        Assert.That(violations, Is.EqualTo(["$.triggeredBy must be one of schedule, manual, recurrence"]));
    }
}
