namespace CampaignSender.Sandbox.Reckonings;

/// <summary>What database, CRM and broker say after a run, side by side. Contacts are counted once, whatever their rows.</summary>
internal sealed record Reckoning
{
    public required int Contacts { get; init; }
    public required int Pages { get; init; }
    public required long Sent { get; init; }
    public required long Failed { get; init; }
    public required long Skipped { get; init; }
    public required long Pending { get; init; }

    /// <summary>Messages that the CRM has stored, whichever contact they belong to.</summary>
    public required long PostsAtCrm { get; init; }

    /// <summary>Contacts of which the CRM holds more than one message of the same campaign.</summary>
    public required int ContactsSentTwice { get; init; }

    /// <summary>Contacts that were due a message and of which the CRM holds none.</summary>
    public required int ContactsNeverSent { get; init; }

    /// <summary>Contacts that are SENT in the database and unknown to the CRM's record, or the other way round.</summary>
    public required int Disagreements { get; init; }

    public required long DeadLettered { get; init; }
    public required long Parked { get; init; }

    /// <summary>What does not come out, in words; empty when everything does.</summary>
    public IEnumerable<string> Faults(long expectedSent, long expectedDeadLetters)
    {
        if (Sent != expectedSent)
        {
            yield return $"{Sent} contacts are SENT, expected {expectedSent}";
        }

        if (DeadLettered != expectedDeadLetters)
        {
            yield return $"{DeadLettered} messages are dead-lettered, expected {expectedDeadLetters}";
        }

        foreach (var (count, what) in MustBeNone().Where(each => each.Count > 0))
        {
            yield return $"{count} {what}, expected none";
        }
    }

    private IEnumerable<(long Count, string What)> MustBeNone() =>
        [
            (ContactsSentTwice, "contacts got more than one message"),
            (ContactsNeverSent, "contacts never got their message"),
            (Disagreements, "contacts stand otherwise in the database than at the CRM"),
            (Pending, "contacts are still PENDING"),
            (Parked, "pages are still parked"),
        ];
}
