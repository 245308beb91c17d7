using CampaignSender.Host.Database;
using CampaignSender.Host.Parking;

namespace CampaignSender.Host.Commands;

/// <summary>Pages that wait because of a setting look again when it was changed.</summary>
internal static class ParkedPagesNotice
{
    /// <summary>Replicas know of the change by then: one that did not would park a page again, for as long as before.</summary>
    private static readonly TimeSpan Known = Recent.MaxAge + TimeSpan.FromSeconds(1);

    public static async Task Hasten(
        IParkedPages parked,
        ParkingReason reason,
        Guid? campaignId,
        CancellationToken cancellationToken
    )
    {
        var pages = await parked.Hasten(reason, campaignId, Known, cancellationToken);
        if (pages > 0)
        {
            Answer.Note($"{CommandText.Count(pages, "parked page")} to look again in {Known.TotalSeconds:0} s");
        }
    }
}
