using CampaignSender.Sandbox.Chaos;
using NUnit.Framework;

namespace CampaignSender.Tests.Chaos;

internal sealed class When_a_contact_is_judged
{
    [Test]
    public void One_message_and_SENT_is_as_promised() => Assert.That(Case("SENT", messages: 1).Broken(), Is.Empty);

    [Test]
    public void Two_messages_break_the_first_promise() =>
        Assert.That(Case("SENT", messages: 2).Broken(), Is.EqualTo(new[] { Promise.ContactsSentTwice }));

    [Test]
    public void SENT_without_a_message_is_forgotten() =>
        Assert.That(
            Case("SENT", messages: 0).Broken(),
            Is.EquivalentTo(new[] { Promise.ContactsNeverSent, Promise.SentWithoutMessage })
        );

    [Test]
    public void FAILED_without_a_reason_of_its_own_is_put_down_to_the_outage() =>
        Assert.That(
            Case("FAILED", messages: 0).Broken(),
            Is.EquivalentTo(new[] { Promise.ContactsNeverSent, Promise.FailedByOutage })
        );

    [Test]
    public void FAILED_with_a_message_is_told_apart() =>
        Assert.That(Case("FAILED", messages: 1).Broken(), Is.EqualTo(new[] { Promise.FailedThoughSent }));

    [Test]
    public void A_pending_row_beside_the_verdict_is_pending() =>
        Assert.That(
            (Case("SENT", messages: 1) with { Rows = [Row("PENDING"), Row("SENT")] }).Broken(),
            Is.EqualTo(new[] { Promise.ContactsPending })
        );

    [TestCase(0)]
    [TestCase(1)]
    public void In_a_stopped_campaign_a_contact_may_stay_pending(int messages) =>
        Assert.That((Case("PENDING", messages) with { MustFinish = false }).Broken(), Is.Empty);

    [Test]
    public void Nor_in_a_stopped_campaign_may_there_be_two_messages() =>
        Assert.That(
            (Case("PENDING", messages: 2) with { MustFinish = false }).Broken(),
            Is.EqualTo(new[] { Promise.ContactsSentTwice })
        );

    [TestCase("2")]
    [TestCase(null)]
    public void SENT_that_names_another_message_is_wrong(string? messageId) =>
        Assert.That(
            (Case("SENT", messages: 1) with { Rows = [Row("SENT") with { CrmMessageId = messageId }] }).Broken(),
            Is.EqualTo(new[] { Promise.WrongMessageId })
        );

    [Test]
    public void A_message_that_came_while_the_campaign_was_paused_is_told() =>
        Assert.That(
            (Case("SENT", messages: 1) with { IsSentWhilePaused = true }).Broken(),
            Is.EqualTo(new[] { Promise.SentWhilePaused })
        );

    [TestCase("FAILED", "contact_not_found", ContactFate.Missing)]
    [TestCase("SKIPPED", "contact_blocked", ContactFate.Blocked)]
    public void What_is_wrong_with_a_contact_is_its_verdict(string status, string code, object fate) =>
        Assert.That(Unreachable(status, code, (ContactFate)fate).Broken(), Is.Empty);

    [TestCase("FAILED", "dispatch_exhausted_retries", ContactFate.Missing, Promise.FailedByOutage)]
    [TestCase("SKIPPED", "contact_blocked", ContactFate.Missing, Promise.WrongVerdict)]
    [TestCase("SENT", null, ContactFate.Blocked, Promise.WrongVerdict)]
    public void Another_verdict_is_wrong(string status, string? code, object fate, object promise) =>
        Assert.That(Unreachable(status, code, (ContactFate)fate).Broken(), Is.EqualTo(new[] { promise }));

    [Test]
    public void A_second_row_that_is_skipped_as_one_is_no_verdict([Values] bool isFirst)
    {
        ContactRow[] rows =
        [
            Row("SKIPPED") with
            {
                FailureCode = "contact_blocked",
            },
            Row("SKIPPED") with
            {
                FailureCode = "duplicate_row",
            },
        ];
        var contact = Case("SKIPPED", messages: 0) with
        {
            Fate = ContactFate.Blocked,
            Rows = isFirst ? rows : [.. rows.Reverse()],
        };

        Assert.That(contact.Broken(), Is.Empty);
    }

    private static ContactCase Case(string status, int messages) =>
        new()
        {
            Fate = ContactFate.Reachable,
            MustFinish = true,
            Rows = [Row(status)],
            MessageIds = [.. Enumerable.Range(1, messages)],
        };

    private static ContactCase Unreachable(string status, string? code, ContactFate fate) =>
        Case(status, messages: 0) with
        {
            Fate = fate,
            Rows = [Row(status) with { FailureCode = code }],
        };

    private static ContactRow Row(string status) =>
        new()
        {
            Id = Guid.NewGuid(),
            CampaignId = Guid.NewGuid(),
            ContactId = Guid.NewGuid(),
            Status = status,
            CrmMessageId = status == "SENT" ? "1" : null,
        };
}
