namespace CampaignSender.Sandbox.Chaos;

/// <summary>A contact for whom something is broken, and all that is known of it in the order of time.</summary>
internal sealed record ViolatedContact
{
    public required IReadOnlyList<Promise> Promises { get; init; }
    public required Guid ContactId { get; init; }
    public required Guid CampaignId { get; init; }
    public required string Campaign { get; init; }

    /// <summary>The pages that it is on.</summary>
    public required IReadOnlyList<int> Pages { get; init; }

    public required ContactFate Fate { get; init; }
    public required IReadOnlyList<ContactRow> Rows { get; init; }

    /// <summary>The numbers of its messages in the CRM.</summary>
    public required IReadOnlyList<long> Messages { get; init; }

    public IReadOnlyList<TimeLineEntry> TimeLine { get; init; } = [];
}
