using CampaignSender.Host.Packing;

namespace CampaignSender.Host.Commands;

/// <summary>What the operator asks of <see cref="CampaignPackCommand"/>; the rest is in <see cref="PackOrder"/>.</summary>
internal sealed record PackRequest
{
    public required Guid CampaignId { get; init; }

    /// <summary>Null: as large as the packer's, where replicas accept that.</summary>
    public int? PageSize { get; init; }

    /// <inheritdoc cref="PackOrder.FailureCodes"/>
    public IReadOnlyList<string>? FailureCodes { get; init; }

    /// <inheritdoc cref="PackOrder.ArePagesLost"/>
    public bool ArePagesLost { get; init; }

    /// <inheritdoc cref="PackOrder.AsksFirst"/>
    public bool AsksFirst { get; init; }

    /// <inheritdoc cref="PackOrder.Sending"/>
    public PackedSending? Sending { get; init; }

    /// <inheritdoc cref="PackOrder.IsTrial"/>
    public bool IsTrial { get; init; }
}
