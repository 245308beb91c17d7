using System.Globalization;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>Writes plan, reckoning and violations for a reader.</summary>
internal sealed class ChaosWriter(TextWriter output)
{
    /// <summary>All of them are in the report.</summary>
    private const int ContactsShown = 5;
    private const int OthersShown = 20;

    public void Plan(ChaosOptions options, ChaosCampaigns campaigns, IReadOnlyList<PlannedFault> plan)
    {
        Line(
            $"chaos with seed {options.Seed} on {options.Broker.ToString().ToLowerInvariant()}: {options.Contacts} contacts"
        );
        Line(
            $"in {campaigns.Plans.Count} campaigns, {campaigns.Plans.Sum(each => each.PageCount)} pages and {campaigns.Poison.Count} invalid messages, {options.Replicas} replicas, {plan.Count} faults"
        );
        if (options.DropShare > 0)
        {
            Line($"the CRM stores {options.DropShare:P0} of the messages without an answer, from start to end");
        }

        Line($"");
        Line($"The plan");
        foreach (var fault in plan)
        {
            Line($"{ChaosLog.Stamp(fault.At)}  {fault.Describe()}");
        }

        Line($"");
    }

    public void Conclude(ChaosReport report)
    {
        Line($"");
        Line($"The reckoning after {report.Seconds:0.0} s");
        Line(
            $"{"", -12}{"contacts", 9}{"SENT", 8}{"FAILED", 8}{"SKIPPED", 9}{"PENDING", 9}{"messages", 10}{"pages", 7}{"reported", 10}{"repeated", 10}"
        );
        foreach (var campaign in report.Reckoning.Campaigns)
        {
            Line(
                $"{campaign.Title, -12}{campaign.Contacts, 9}{campaign.Sent, 8}{campaign.Failed, 8}{campaign.Skipped, 9}{campaign.Pending, 9}{campaign.MessagesAtCrm, 10}{campaign.Pages, 7}{campaign.PagesReported, 10}{campaign.RepeatedReports, 10}"
            );
        }

        Line($"");
        Line($"{report.StoredUnderFaults} messages were stored before peace");
        Line($"{report.PostsAtCrm} messages posted, {report.LookupsAtCrm} times asked whether one was stored");
        Line($"{report.Reckoning.DeadLetters} dead letters, {report.Reckoning.RepeatedDeadLetters} of them repeated");
        Line(
            $"{report.UnaskedEnds} replicas ended by themselves, {report.OverdueStops} did not end in time when told to"
        );
        Line(
            $"{report.Reckoning.Campaigns.Sum(campaign => campaign.PendingThoughSent)} contacts of the stopped campaign are PENDING with their message stored"
        );
        Line($"");
        foreach (var (promise, count) in report.Violations)
        {
            Line($"{(count == 0 ? "  " : "! ")}{JsonName(promise), -22}{count, 6}");
        }

        Violations(report.Reckoning);
        Line($"");
        Line($"{(report.Reckoning.IsKept ? "Every promise is kept." : "Promises are BROKEN.")}");
    }

    public void Summarize(IReadOnlyList<ChaosReport> reports)
    {
        Line($"");
        Line($"{"seed", 6}{"seconds", 9}{"in chaos", 10}{"repeated", 10}  broken promises");
        foreach (var report in reports)
        {
            var broken = report
                .Violations.Where(each => each.Value > 0)
                .Select(each => $"{JsonName(each.Key)} {each.Value}");
            Line(
                $"{report.Options.Seed, 6}{report.Seconds, 9:0.0}{report.StoredUnderFaults, 10}{report.Reckoning.Campaigns.Sum(campaign => campaign.RepeatedReports), 10}  {string.Join(", ", broken.DefaultIfEmpty("none"))}"
            );
        }
    }

    private void Violations(ChaosReckoning reckoning)
    {
        foreach (var broken in reckoning.Others.Take(OthersShown))
        {
            Line($"! {JsonName(broken.Promise)}: {broken.What}");
        }

        Rest(reckoning.Others.Count - OthersShown);
        foreach (var contact in reckoning.Contacts.Take(ContactsShown))
        {
            Line($"");
            Line(
                $"! {string.Join(", ", contact.Promises.Select(JsonName))}: contact {contact.ContactId} of {contact.Campaign}, page {string.Join(" and ", contact.Pages)}"
            );
            foreach (var entry in contact.TimeLine)
            {
                Line($"{ChaosLog.Stamp(TimeSpan.FromSeconds(entry.Seconds))}  {entry.Source, -10} {entry.What}");
            }
        }

        Rest(reckoning.Contacts.Count - ContactsShown);
    }

    private void Rest(int count)
    {
        if (count > 0)
        {
            Line($"  and {count} more, see the report");
        }
    }

    private static string JsonName(Promise promise) =>
        System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(promise.ToString());

    private void Line(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
