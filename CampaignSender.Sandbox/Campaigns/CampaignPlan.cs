using CampaignSender.Contracts;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>A campaign as evo-flow's marketing side has prepared it: its row, its contacts and its pages.</summary>
internal sealed record CampaignPlan
{
    public Guid CampaignId { get; init; } = Guid.NewGuid();
    public Guid InboxId { get; init; } = Guid.NewGuid();
    public Guid TemplateId { get; init; } = Guid.NewGuid();
    public Guid CorrelationId { get; init; } = Guid.NewGuid();
    public string Title { get; init; } = "A campaign";
    public ChannelType Channel { get; init; } = ChannelType.Whatsapp;
    public required IReadOnlyList<Guid> ContactIds { get; init; }
    public int PageSize { get; init; } = 1000;

    /// <summary>The status of every contact before the start, by its name in evo-flow's enum.</summary>
    public string SeedStatus { get; init; } = "PENDING";

    public int PageCount => (ContactIds.Count + PageSize - 1) / PageSize;

    public static IReadOnlyList<Guid> NewContacts(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];

    /// <summary>The pages that the packer publishes.</summary>
    public IEnumerable<CampaignsSend> Pages() =>
        ContactIds
            .Chunk(PageSize)
            .Select(
                (contactIds, index) =>
                    new CampaignsSend
                    {
                        CampaignId = CampaignId,
                        Page = index + 1,
                        TotalPages = PageCount,
                        ContactIds = contactIds,
                        TemplateId = TemplateId,
                        ChannelType = Channel,
                        PackKey = $"{CampaignId}:{index + 1}",
                        CorrelationId = CorrelationId,
                    }
            );
}
