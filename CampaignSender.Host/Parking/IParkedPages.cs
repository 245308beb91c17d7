namespace CampaignSender.Host.Parking;

/// <summary>The parked pages as an operator sees to them.</summary>
internal interface IParkedPages
{
    /// <summary>Shortens the wait of the pages that were parked for that reason.</summary>
    /// <param name="campaignId">Null: of all campaigns.</param>
    /// <param name="delay">The longest that they still wait.</param>
    /// <returns>How many they are.</returns>
    Task<int> Hasten(ParkingReason reason, Guid? campaignId, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>The parked pages of a campaign, by reason.</summary>
    Task<IReadOnlyList<ParkedCount>> Count(Guid campaignId, CancellationToken cancellationToken);

    Task<long> Count(ParkedSelection which, CancellationToken cancellationToken);

    /// <summary>Those that are published next come first.</summary>
    Task<IReadOnlyList<ListedPage>> List(ParkedSelection which, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// They need not wait for their time any more; for a campaign that is paused or completed they still do. Those that wait for
    /// an operator or for the packer are left alone, unless they or their campaign are named.
    /// </summary>
    /// <returns>How many they are.</returns>
    Task<int> Redrive(ParkedSelection which, CancellationToken cancellationToken);

    /// <summary>Forgets them. Their contacts keep the status that they have.</summary>
    /// <returns>How many they were.</returns>
    Task<int> Drop(ParkedSelection which, CancellationToken cancellationToken);
}
