namespace CampaignSender.Host.DryRuns;

/// <param name="Status">What the contacts would become: FAILED or SKIPPED.</param>
/// <param name="Code">A value of <c>campaigns_contacts.failure_code</c>.</param>
internal sealed record DryRunRefusal(string Status, string Code, string? Reason, long Contacts);
