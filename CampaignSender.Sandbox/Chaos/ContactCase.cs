namespace CampaignSender.Sandbox.Chaos;

/// <summary>One contact of one campaign as database and CRM have it.</summary>
internal sealed record ContactCase
{
    private static readonly string[] _verdicts = ["SENT", "FAILED", "SKIPPED", "PENDING"];

    public required ContactFate Fate { get; init; }

    /// <summary>Whether the campaign was not stopped, so that the contact must have a verdict.</summary>
    public required bool MustFinish { get; init; }

    /// <summary>All rows of the contact in the campaign.</summary>
    public required IReadOnlyList<ContactRow> Rows { get; init; }

    /// <summary>The numbers of the campaign's messages for it that the CRM holds.</summary>
    public required IReadOnlyList<long> MessageIds { get; init; }

    /// <summary>Whether one of them came while no post might begin.</summary>
    public bool IsSentWhilePaused { get; init; }

    public int Messages => MessageIds.Count;

    /// <summary>
    /// The row that counts: a contact is one, and has the verdict of any of its rows. One that was skipped because of another
    /// row says nothing of the contact.
    /// </summary>
    public ContactRow Decisive =>
        Rows.MinBy(row => (Array.IndexOf(_verdicts, row.Status), row.FailureCode == "duplicate_row"))!;

    public string Verdict => Decisive.Status;

    public IEnumerable<Promise> Broken() =>
        Fate is ContactFate.Reachable ? [.. Anyway(), .. Reachable()] : [.. Anyway(), .. Unreachable()];

    private IEnumerable<Promise> Anyway()
    {
        if (Messages > 1)
        {
            yield return Promise.ContactsSentTwice;
        }

        if (IsSentWhilePaused)
        {
            yield return Promise.SentWhilePaused;
        }

        if (Verdict == "SENT" && Messages > 0 && !MessageIds.Any(id => Decisive.CrmMessageId == $"{id}"))
        {
            yield return Promise.WrongMessageId;
        }

        if (MustFinish && Rows.Any(row => row.Status == "PENDING"))
        {
            yield return Promise.ContactsPending;
        }
    }

    private IEnumerable<Promise> Reachable()
    {
        if (MustFinish && Messages == 0)
        {
            yield return Promise.ContactsNeverSent;
        }

        var broken = (Verdict, Messages) switch
        {
            ("FAILED", 0) => Promise.FailedByOutage,
            ("FAILED", _) => Promise.FailedThoughSent,
            ("SENT", 0) => Promise.SentWithoutMessage,
            ("SKIPPED", 0) => Promise.WrongVerdict,
            ("SKIPPED", _) => Promise.MessageWithoutSent,
            // In a stopped campaign it stays so: nobody may ask the CRM any more, and it is asked if the campaign goes on.
            ("PENDING", > 0) when MustFinish => Promise.MessageWithoutSent,
            _ => (Promise?)null,
        };
        if (broken is { } promise)
        {
            yield return promise;
        }
    }

    private IEnumerable<Promise> Unreachable()
    {
        if (Messages > 0)
        {
            yield return Promise.MessageWithoutSent;
        }

        if (Verdict == "PENDING")
        {
            yield break;
        }

        var (verdict, code) =
            Fate is ContactFate.Missing ? ("FAILED", "contact_not_found") : ("SKIPPED", "contact_blocked");
        if (Verdict != verdict || Decisive.FailureCode != code)
        {
            yield return Verdict == "FAILED" ? Promise.FailedByOutage : Promise.WrongVerdict;
        }
    }
}
