using CampaignSender.Host.Crm;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_the_CRM_gets_into_trouble
{
    private FakeTimeProvider _time = null!;
    private CrmCondition _condition = null!;

    [SetUp]
    public void Start()
    {
        _time = new FakeTimeProvider();
        _condition = new CrmCondition(_time, NullLogger<CrmCondition>.Instance);
    }

    [Test]
    public void The_good_half_minute_before_does_not_hide_it()
    {
        for (var second = 0; second < 30; second++)
        {
            Answer(CrmAnswerKind.Ok, 100);
            Pass(seconds: 1);
        }

        Answer(CrmAnswerKind.Ok, 20);
        Answer(CrmAnswerKind.Retryable, 20);

        Assert.That(_condition.IsTroubled);
    }

    [Test]
    public void It_is_remembered_for_half_a_minute()
    {
        Answer(CrmAnswerKind.Retryable, 100);
        Pass(seconds: 20);
        Answer(CrmAnswerKind.Ok, 500);

        Assert.That(_condition.IsTroubled);
        Pass(seconds: 10);
        Answer(CrmAnswerKind.Ok, 500);
        Assert.That(_condition.IsTroubled, Is.False);
    }

    [Test]
    public void A_refused_token_is_told_until_one_is_taken_or_nobody_asks_any_more()
    {
        Answer(CrmAnswerKind.Unauthorized, 1);
        Assert.That(_condition.IsUnauthorized);
        Answer(CrmAnswerKind.Ok, 1);
        Assert.That(_condition.IsUnauthorized, Is.False);

        Answer(CrmAnswerKind.Unauthorized, 1);
        Answer(CrmAnswerKind.Retryable, 1);
        Pass(seconds: 119);
        Assert.That(_condition.IsUnauthorized);
        Pass(seconds: 1);
        Assert.That(_condition.IsUnauthorized, Is.False);
    }

    [Test]
    public void One_contact_that_fails_alone_is_none()
    {
        for (var second = 0; second < 30; second++)
        {
            Answer(CrmAnswerKind.Ok, 10);
            Pass(seconds: 1);
        }

        Answer(CrmAnswerKind.Ok, 18);
        Answer(CrmAnswerKind.Retryable, 2);

        Assert.That(_condition.IsTroubled, Is.False);
    }

    [Test]
    public void Few_answers_tell_nothing()
    {
        Answer(CrmAnswerKind.Retryable, 19);

        Assert.That(_condition.IsTroubled, Is.False);
    }

    [Test]
    public void It_takes_messages_as_long_as_one_was_taken_lately()
    {
        Assert.That(_condition.TakesMessages, Is.False, "none was taken yet");
        _condition.MessageTaken();
        Pass(seconds: 299);
        Assert.That(_condition.TakesMessages);
        Pass(seconds: 1);
        Assert.That(_condition.TakesMessages, Is.False);
    }

    /// <summary>When an outage begins, the last message was taken a moment ago.</summary>
    [Test]
    public void It_takes_none_when_all_fail_since_the_last_one()
    {
        _condition.MessageTaken();
        Answer(CrmAnswerKind.Doubtful, 19);
        Answer(CrmAnswerKind.Ok, 100);
        Assert.That(_condition.TakesMessages, "some contacts' tries, and look-ups that went well");
        Answer(CrmAnswerKind.Doubtful, 1);
        Assert.That(_condition.TakesMessages, Is.False);
        _condition.MessageTaken();
        Assert.That(_condition.TakesMessages);
    }

    [Test]
    public void It_takes_none_when_credentials_are_refused_twice_since_the_last_one()
    {
        _condition.MessageTaken();
        Answer(CrmAnswerKind.Unauthorized, 1);
        Assert.That(_condition.TakesMessages, "one contact's message");
        Answer(CrmAnswerKind.Unauthorized, 1);
        Assert.That(_condition.TakesMessages, Is.False);
    }

    private void Answer(CrmAnswerKind kind, int times)
    {
        for (var count = 0; count < times; count++)
        {
            _condition.Answered(kind);
        }
    }

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
