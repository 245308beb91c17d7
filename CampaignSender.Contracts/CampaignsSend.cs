namespace CampaignSender.Contracts;

/// <summary>One page of a campaign's contacts to send to. Published by the packer on <see cref="Topics.Send"/>.</summary>
public sealed record CampaignsSend
{
    /// <summary>The campaign that the page belongs to.</summary>
    public required Guid CampaignId { get; init; }

    /// <summary>The number of this page, from 1 to <see cref="TotalPages"/>.</summary>
    public required int Page { get; init; }

    /// <summary>How many pages the campaign has.</summary>
    public required int TotalPages { get; init; }

    /// <summary>The contacts of the page, at least one. An id may occur more than once; it is still one contact.</summary>
    public required IReadOnlyList<Guid> ContactIds { get; init; }

    /// <summary>The message template, an id of the CRM.</summary>
    public required Guid TemplateId { get; init; }

    /// <summary>The channel to send through.</summary>
    public required ChannelType ChannelType { get; init; }

    /// <summary>The packer's key of the page: not empty, or null where it has none and the field is left out.</summary>
    public string? PackKey { get; init; }

    /// <summary>Follows the campaign through all services: a version 4 uuid.</summary>
    public required Guid CorrelationId { get; init; }

    /// <summary>Compares by value, the contact ids one by one in their order.</summary>
    public bool Equals(CampaignsSend? other) =>
        other is not null
        && CampaignId == other.CampaignId
        && Page == other.Page
        && TotalPages == other.TotalPages
        && TemplateId == other.TemplateId
        && ChannelType == other.ChannelType
        && PackKey == other.PackKey
        && CorrelationId == other.CorrelationId
        && ContactIds.SequenceEqual(other.ContactIds);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(CampaignId, Page, ContactIds.Count, CorrelationId);
}
