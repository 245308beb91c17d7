namespace CampaignSender.Host.Parking;

internal static class ParkingReasonNames
{
    /// <summary>Every reason's.</summary>
    public static string[] All => [.. Enum.GetValues<ParkingReason>().Select(reason => reason.Name())];

    /// <summary>As stored in the database and shown in metrics.</summary>
    public static string Name(this ParkingReason reason) =>
        reason switch
        {
            ParkingReason.CampaignNotSending => "campaign_not_sending",
            ParkingReason.CampaignCompleted => "campaign_completed",
            ParkingReason.ClaimedElsewhere => "claimed_elsewhere",
            ParkingReason.CrmUnauthorized => "crm_unauthorized",
            ParkingReason.CrmThrottled => "crm_throttled",
            ParkingReason.CrmUnavailable => "crm_unavailable",
            ParkingReason.OutcomeAwaited => "outcome_awaited",
            ParkingReason.OutcomeUnverified => "outcome_unverified",
            ParkingReason.TimeBudget => "time_budget",
            ParkingReason.WindowClosed => "window_closed",
            ParkingReason.QuotaUsedUp => "quota_used_up",
            ParkingReason.PackedAnew => "packed_anew",
            ParkingReason.Packed => "packed",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a parking reason"),
        };
}
