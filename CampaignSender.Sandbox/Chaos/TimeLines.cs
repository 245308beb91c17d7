using System.Globalization;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>Puts together what is known of a contact: the CRM's record, its rows, the replicas' logs, the faults meanwhile.</summary>
internal sealed class TimeLines(Stage stage, ReplicaLogs logs, IReadOnlyList<CarriedFault> faults, DateTimeOffset start)
{
    /// <summary>Faults shortly before and after belong to the story.</summary>
    private const double Margin = 3;

    private readonly ILookup<Guid, CrmJournalEntry> _journal = stage.Crm.Journal.ToLookup(entry => entry.ContactId);

    public ViolatedContact Complete(ViolatedContact contact)
    {
        var own = Requests(contact).Concat(Messages(contact)).Concat(Rows(contact)).Concat(Logged(contact)).ToList();
        // A claim that runs out, or a page that comes again, may lie far behind what the contact lived through.
        var told = own.Where(entry => entry.Source is not "database").DefaultIfEmpty(new(0, "", "")).ToList();
        var from = told.Min(entry => entry.Seconds) - Margin;
        var to = told.Max(entry => entry.Seconds) + Margin;
        return contact with { TimeLine = [.. own.Concat(Faults(from, to)).OrderBy(entry => entry.Seconds)] };
    }

    private IEnumerable<TimeLineEntry> Requests(ViolatedContact contact) =>
        _journal[contact.ContactId]
            .Where(entry => entry.CampaignId is null || entry.CampaignId == contact.CampaignId)
            .Select(entry => Entry(entry.At, "CRM", $"{Name(entry.Kind)}: {entry.Answer}"));

    private IEnumerable<TimeLineEntry> Messages(ViolatedContact contact) =>
        stage
            .Crm.Messages(contact.CampaignId)
            .Where(message => message.ContactId == contact.ContactId)
            .Select(message =>
                Entry(message.StoredAt, "CRM", $"message {message.Id} is stored, dispatch key {message.DispatchKey}")
            );

    private IEnumerable<TimeLineEntry> Rows(ViolatedContact contact)
    {
        foreach (var row in contact.Rows)
        {
            var name = $"row {row.Id} is {row.Status}";
            var claims = string.Create(CultureInfo.InvariantCulture, $"claimed {row.ClaimAttempts} times");
            if (row.SettledAt is { } settled)
            {
                yield return Entry(
                    settled,
                    "database",
                    $"{name}, {claims}, {row.FailureCode} {row.FailureReason}".Trim()
                );
            }
            else if (row.ClaimExpiresAt is { } expires)
            {
                yield return Entry(expires, "database", $"{name}, {claims}, last by {row.ClaimId}, which expires now");
            }
        }
    }

    private IEnumerable<TimeLineEntry> Logged(ViolatedContact contact) =>
        logs.About(contact).Select(line => Entry(line.At, $"replica {line.Replica}", line.Message));

    private IEnumerable<TimeLineEntry> Faults(double from, double to) =>
        faults
            .Where(fault => fault.From.TotalSeconds <= to && fault.To.TotalSeconds >= from)
            .Select(fault => new TimeLineEntry(
                fault.From.TotalSeconds,
                "fault",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{fault.Plan.Describe()} (whole again at {fault.To.TotalSeconds:0.0} s)"
                )
            ));

    private static string Name(CrmRequestKind kind) =>
        kind switch
        {
            CrmRequestKind.Contact => "contact asked for",
            CrmRequestKind.Post => "message posted",
            CrmRequestKind.Lookup => "thread asked for",
            _ => kind.ToString(),
        };

    private TimeLineEntry Entry(DateTimeOffset at, string source, string what) =>
        new(Math.Round((at - start).TotalSeconds, 3), source, what);
}
