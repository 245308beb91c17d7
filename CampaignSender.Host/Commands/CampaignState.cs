using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Safety;

namespace CampaignSender.Host.Commands;

/// <summary>Where a campaign stands.</summary>
internal sealed record CampaignState
{
    public required Guid CampaignId { get; init; }
    public required CampaignStatus Status { get; init; }

    /// <summary>Why the sender has paused it; null where it is not paused, or by somebody else.</summary>
    public required SafetyStopRecord? SafetyStop { get; init; }
    public required CampaignProgress Contacts { get; init; }
    public required IReadOnlyList<FailureCount> Failures { get; init; }
    public required IReadOnlyList<ParkedCount> ParkedPages { get; init; }

    /// <summary>At the broker, of all campaigns; null: it cannot be asked.</summary>
    public required long? WaitingPages { get; init; }
}
