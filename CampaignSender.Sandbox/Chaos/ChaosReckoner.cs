using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>Compares database, CRM, reports and dead letters, contact by contact and page by page.</summary>
internal sealed class ChaosReckoner(
    Stage stage,
    ChaosCampaigns campaigns,
    Silences silences,
    ContactRows rows,
    Patience patience
)
{
    public async Task<ChaosReckoning> Reckon(
        IReadOnlyList<SupervisedReplica> replicas,
        IReadOnlyList<CarriedFault> faults,
        CancellationToken cancellationToken
    )
    {
        var others = new List<BrokenPromise>();
        others.AddRange(await NotReady(replicas, cancellationToken));
        // Before anything is counted: what they still do, the last pages that nobody acknowledged among it, counts too.
        await Task.WhenAll(replicas.Select(replica => replica.End(cancellationToken)));
        var all = (await patience.Insist(rows.All, cancellationToken)).ToLookup(row => row.CampaignId);
        var reports = stage.Reports.All.ToLookup(report => report.CampaignId);
        var figures = new List<CampaignFigures>();
        var contacts = new List<ViolatedContact>();
        foreach (var plan in campaigns.Plans)
        {
            var messages = stage.Crm.Messages(plan.CampaignId).ToLookup(message => message.ContactId);
            var cases = Cases(plan, all[plan.CampaignId], messages);
            var pages = Pages(plan, cases, reports[plan.CampaignId]);
            figures.Add(Figures(plan, cases, pages));
            contacts.AddRange(Violated(plan, cases, messages));
            others.AddRange(pages.SelectMany(page => page.Broken()));
        }

        others.AddRange(ReportsOfNoPage());
        var letters = await DeadLetters(cancellationToken);
        others.AddRange(Compare(letters));
        others.AddRange(await Leftovers(cancellationToken));
        others.AddRange(Ends(replicas));
        others.AddRange(
            stage.Crm.UnexpectedRequests.Select(request => new BrokenPromise(Promise.CrmRequestsUnknown, request))
        );
        others.AddRange(
            faults
                .Where(fault => fault.Failure is not null)
                .Select(fault => new BrokenPromise(
                    Promise.FaultsNotCarriedOut,
                    $"{fault.Plan.Describe()}: {fault.Failure}"
                ))
        );
        return new ChaosReckoning
        {
            Campaigns = figures,
            DeadLetters = letters.Count,
            RepeatedDeadLetters = campaigns.Poison.Sum(poison => Math.Max(0, Copies(letters, poison) - 1)),
            Contacts = contacts,
            Others = others,
        };
    }

    private Dictionary<Guid, ContactCase> Cases(
        CampaignPlan plan,
        IEnumerable<ContactRow> rowsOfCampaign,
        ILookup<Guid, StoredMessage> messages
    ) =>
        rowsOfCampaign
            .GroupBy(row => row.ContactId)
            .ToDictionary(
                contact => contact.Key,
                contact => new ContactCase
                {
                    Fate = campaigns.FateOf(contact.Key),
                    MustFinish = campaigns.MustFinish(plan),
                    Rows = [.. contact],
                    MessageIds = [.. messages[contact.Key].Select(message => message.Id)],
                    IsSentWhilePaused = messages[contact.Key]
                        .Any(message => silences.Cover(plan.CampaignId, message.ReceivedAt)),
                }
            );

    private List<PageCase> Pages(
        CampaignPlan plan,
        Dictionary<Guid, ContactCase> cases,
        IEnumerable<CampaignsTracked> reports
    )
    {
        var byPage = reports.ToLookup(report => report.Page);
        return
        [
            .. plan.Pages()
                .Select(page => new PageCase
                {
                    Page = page,
                    MustFinish = campaigns.MustFinish(plan),
                    Verdicts = [.. page.ContactIds.Distinct().Select(contactId => cases[contactId].Verdict)],
                    Reports = [.. byPage[page.Page]],
                }),
        ];
    }

    private CampaignFigures Figures(CampaignPlan plan, Dictionary<Guid, ContactCase> cases, List<PageCase> pages) =>
        new()
        {
            Title = plan.Title,
            CampaignId = plan.CampaignId,
            Stopped = !campaigns.MustFinish(plan),
            Contacts = cases.Count,
            Sent = Count(cases, "SENT"),
            Failed = Count(cases, "FAILED"),
            Skipped = Count(cases, "SKIPPED"),
            Pending = Count(cases, "PENDING"),
            MessagesAtCrm = cases.Values.Sum(contact => contact.Messages),
            PendingThoughSent = cases.Values.Count(contact => contact is { Verdict: "PENDING", Messages: > 0 }),
            Pages = pages.Count,
            PagesReported = pages.Count(page => page.Reports.Count > 0),
            RepeatedReports = pages.Sum(page => page.RepeatedReports),
        };

    private static IEnumerable<ViolatedContact> Violated(
        CampaignPlan plan,
        Dictionary<Guid, ContactCase> cases,
        ILookup<Guid, StoredMessage> messages
    ) =>
        from contact in cases
        let broken = contact.Value.Broken().ToArray()
        where broken.Length > 0
        select new ViolatedContact
        {
            Promises = broken,
            ContactId = contact.Key,
            CampaignId = plan.CampaignId,
            Campaign = plan.Title,
            Pages = [.. plan.Pages().Where(page => page.ContactIds.Contains(contact.Key)).Select(page => page.Page)],
            Fate = contact.Value.Fate,
            Rows = contact.Value.Rows,
            Messages = [.. messages[contact.Key].Select(message => message.Id)],
        };

    private IEnumerable<BrokenPromise> ReportsOfNoPage()
    {
        var pages = campaigns.Plans.ToDictionary(plan => plan.CampaignId, plan => plan.PageCount);
        return stage
            .Reports.All.Where(report => report.Page < 1 || report.Page > pages.GetValueOrDefault(report.CampaignId))
            .Select(report => new BrokenPromise(Promise.ReportsWrong, $"a report of no page: {report}"));
    }

    private async Task<List<BrokerMessage>> DeadLetters(CancellationToken cancellationToken)
    {
        var count = await patience.Insist(stage.Broker.CountDeadLetters, cancellationToken);
        var letters = new List<BrokerMessage>();
        while (letters.Count < count)
        {
            letters.Add(await stage.Broker.TakeDeadLetter(cancellationToken));
        }

        return letters;
    }

    private IEnumerable<BrokenPromise> Compare(List<BrokerMessage> letters) =>
        [
            .. letters
                .Where(letter => !campaigns.Poison.Any(poison => poison.Is(letter.Body)))
                .Select(letter => new BrokenPromise(
                    Promise.PagesDeadLettered,
                    $"{letter.Headers.GetValueOrDefault(MessageHeaderNames.DeadLetterReason)}: {Begin(letter.Body)}"
                )),
            .. campaigns
                .Poison.Where(poison => Copies(letters, poison) == 0)
                .Select(poison => new BrokenPromise(Promise.PoisonMissing, Begin(poison.Body))),
            .. from letter in letters
            from poison in campaigns.Poison
            where poison.Is(letter.Body) && !Tells(letter, poison.Reason)
            select new BrokenPromise(
                Promise.PoisonUntold,
                $"{string.Join(", ", letter.Headers.Select(header => $"{header.Key}: {header.Value}"))}: {Begin(poison.Body)}"
            ),
        ];

    private async Task<IEnumerable<BrokenPromise>> Leftovers(CancellationToken cancellationToken)
    {
        var parked = await patience.Insist(stage.Rows.CountParked, cancellationToken);
        var waiting = await patience.Insist(stage.Broker.CountWaitingPages, cancellationToken);
        return
        [
            .. Enumerable.Repeat(new BrokenPromise(Promise.PagesParked, "a page is still parked"), (int)parked),
            .. Enumerable.Repeat(new BrokenPromise(Promise.PagesWaiting, "a page waits in the broker"), (int)waiting),
        ];
    }

    private static async Task<IEnumerable<BrokenPromise>> NotReady(
        IReadOnlyList<SupervisedReplica> replicas,
        CancellationToken cancellationToken
    )
    {
        var broken = new List<BrokenPromise>();
        foreach (var replica in replicas)
        {
            if (!await replica.Replica.IsReady(cancellationToken))
            {
                var reason = await replica.Replica.Readiness(cancellationToken);
                broken.Add(new(Promise.ReplicasNotReady, $"replica {replica.Number} is not ready: {reason}"));
            }
        }

        return broken;
    }

    private static IEnumerable<BrokenPromise> Ends(IReadOnlyList<SupervisedReplica> replicas) =>
        replicas.SelectMany(replica =>
            Enumerable
                .Repeat(
                    new BrokenPromise(Promise.ReplicasCrashed, $"replica {replica.Number} ended by itself"),
                    replica.UnaskedEnds
                )
                .Concat(
                    Enumerable.Repeat(
                        new BrokenPromise(
                            Promise.StopsOverdue,
                            $"replica {replica.Number} did not end in time when told to"
                        ),
                        replica.OverdueStops
                    )
                )
        );

    private static int Count(Dictionary<Guid, ContactCase> cases, string verdict) =>
        cases.Values.Count(contact => contact.Verdict == verdict);

    private static bool Tells(BrokerMessage letter, string reason) =>
        letter.Headers.GetValueOrDefault(MessageHeaderNames.DeadLetterReason) == reason
        && letter.Headers.GetValueOrDefault(MessageHeaderNames.OriginalTopic) == Topics.Send;

    private static int Copies(List<BrokerMessage> letters, PoisonMessage poison) =>
        letters.Count(letter => poison.Is(letter.Body));

    private static string Begin(byte[] body) =>
        System.Text.Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 200)));
}
