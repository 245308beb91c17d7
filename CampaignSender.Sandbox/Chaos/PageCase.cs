using CampaignSender.Contracts;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>One page as the database and the reports on <c>campaigns.tracked</c> have it.</summary>
internal sealed record PageCase
{
    public required CampaignsSend Page { get; init; }

    public required bool MustFinish { get; init; }

    /// <summary>The verdicts of the page's contacts, one for each.</summary>
    public required IReadOnlyCollection<string> Verdicts { get; init; }

    /// <summary>All reports of the page in the order in which they came.</summary>
    public required IReadOnlyList<CampaignsTracked> Reports { get; init; }

    public int RepeatedReports => Math.Max(0, Reports.Count - 1);

    public IEnumerable<BrokenPromise> Broken()
    {
        if (Reports.Count == 0)
        {
            return MustFinish ? [new(Promise.PagesNotReported, Name)] : [];
        }

        return [.. Contradictions(), .. Reports.SelectMany(Wrong).DistinctBy(broken => broken.What)];
    }

    private string Name => $"page {Page.Page} of {Page.CampaignId}";

    private IEnumerable<BrokenPromise> Contradictions() =>
        Reports
            .Skip(1)
            .Where(report => report != Reports[0])
            .Select(report => new BrokenPromise(
                Promise.ReportsContradict,
                $"{Name}: first {Counts(Reports[0])}, then {Counts(report)}"
            ));

    private IEnumerable<BrokenPromise> Wrong(CampaignsTracked report)
    {
        var expected = new CampaignsTracked
        {
            CampaignId = Page.CampaignId,
            Page = Page.Page,
            SentCount = Verdicts.Count(verdict => verdict == "SENT"),
            FailedCount = Verdicts.Count(verdict => verdict == "FAILED"),
            Completed = Page.Page == Page.TotalPages,
            CorrelationId = Page.CorrelationId,
        };
        if (report != expected)
        {
            yield return new(Promise.ReportsWrong, $"{Name}: {report}, by the database {expected}");
        }

        if (Verdicts.Count(verdict => verdict == "PENDING") is > 0 and var pending)
        {
            yield return new(Promise.ReportsWrong, $"{Name}: reported with {pending} contacts PENDING");
        }
    }

    private static string Counts(CampaignsTracked report) => $"{report.SentCount} sent and {report.FailedCount} failed";
}
