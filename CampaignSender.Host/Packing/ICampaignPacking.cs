namespace CampaignSender.Host.Packing;

/// <summary>Makes pages of a campaign as the packer does, for an operator.</summary>
internal interface ICampaignPacking
{
    /// <summary>
    /// All of it or nothing. The pages are parked for the replicas, which publish them at once, or when a paused campaign is
    /// resumed.
    /// </summary>
    /// <returns>Null: there is no such campaign.</returns>
    Task<PackedCampaign?> Pack(PackOrder order, CancellationToken cancellationToken);
}
