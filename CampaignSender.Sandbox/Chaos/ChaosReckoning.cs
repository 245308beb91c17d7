namespace CampaignSender.Sandbox.Chaos;

/// <summary>What database, CRM and broker say after a run, contact by contact.</summary>
internal sealed record ChaosReckoning
{
    public required IReadOnlyList<CampaignFigures> Campaigns { get; init; }
    public required int DeadLetters { get; init; }

    /// <summary>Planted messages that were dead-lettered more than once, which at-least-once allows.</summary>
    public required int RepeatedDeadLetters { get; init; }

    public required IReadOnlyList<ViolatedContact> Contacts { get; init; }
    public required IReadOnlyList<BrokenPromise> Others { get; init; }

    public bool IsKept => Contacts.Count == 0 && Others.Count == 0;

    public int CountOf(Promise promise) =>
        Contacts.Count(contact => contact.Promises.Contains(promise))
        + Others.Count(broken => broken.Promise == promise);
}
