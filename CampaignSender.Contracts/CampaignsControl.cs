namespace CampaignSender.Contracts;

/// <summary>An operator's order to a campaign. Published by the REST API on <see cref="Topics.Control"/>.</summary>
public sealed record CampaignsControl
{
    /// <summary>The campaign that the order is for.</summary>
    public required Guid CampaignId { get; init; }

    /// <summary>The order.</summary>
    public required ControlAction Action { get; init; }

    /// <summary>Follows the order through all services: a version 4 uuid.</summary>
    public required Guid CorrelationId { get; init; }
}
