using CampaignSender.Contracts;
using CampaignSender.Sandbox.Chaos;
using NUnit.Framework;

namespace CampaignSender.Tests.Chaos;

internal sealed class When_a_page_is_judged
{
    private readonly CampaignsSend _page = new()
    {
        CampaignId = Guid.NewGuid(),
        Page = 2,
        TotalPages = 2,
        ContactIds = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()],
        TemplateId = Guid.NewGuid(),
        ChannelType = ChannelType.Email,
        CorrelationId = Guid.NewGuid(),
    };

    [Test]
    public void A_report_that_agrees_with_the_database_is_as_promised() =>
        Assert.That(Case(Report()).Broken(), Is.Empty);

    [Test]
    public void A_page_without_a_report_is_missed()
    {
        Assert.That(Case().Broken().Single().Promise, Is.EqualTo(Promise.PagesNotReported));
        Assert.That((Case() with { MustFinish = false }).Broken(), Is.Empty);
    }

    [Test]
    public void A_repeated_report_is_counted_and_breaks_nothing()
    {
        var page = Case(Report(), Report());

        Assert.That(page.Broken(), Is.Empty);
        Assert.That(page.RepeatedReports, Is.EqualTo(1));
    }

    [Test]
    public void A_later_report_with_other_counts_contradicts() =>
        Assert.That(
            Case(Report() with { SentCount = 1 }, Report()).Broken().Select(broken => broken.Promise),
            Is.EqualTo(new[] { Promise.ReportsContradict, Promise.ReportsWrong })
        );

    [Test]
    public void Every_field_of_a_report_is_checked()
    {
        CampaignsTracked[] wrong =
        [
            Report() with
            {
                FailedCount = 2,
            },
            Report() with
            {
                Completed = false,
            },
            Report() with
            {
                CorrelationId = Guid.NewGuid(),
            },
        ];

        foreach (var report in wrong)
        {
            Assert.That(Case(report).Broken().Single().Promise, Is.EqualTo(Promise.ReportsWrong));
        }
    }

    [Test]
    public void An_unfinished_page_must_not_be_reported() =>
        Assert.That(
            (Case(Report()) with { Verdicts = ["SENT", "SENT", "FAILED", "PENDING"] }).Broken().Single().Promise,
            Is.EqualTo(Promise.ReportsWrong)
        );

    private PageCase Case(params CampaignsTracked[] reports) =>
        new()
        {
            Page = _page,
            MustFinish = true,
            Verdicts = ["SENT", "SENT", "FAILED"],
            Reports = reports,
        };

    private CampaignsTracked Report() =>
        new()
        {
            CampaignId = _page.CampaignId,
            Page = _page.Page,
            SentCount = 2,
            FailedCount = 1,
            Completed = true,
            CorrelationId = _page.CorrelationId,
        };
}
