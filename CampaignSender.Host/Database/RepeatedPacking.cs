namespace CampaignSender.Host.Database;

/// <summary>
/// evo-flow's packer deletes a campaign's contacts and inserts them anew (ADR 22): expressions for the statements of several
/// rooms.
/// </summary>
internal static class RepeatedPacking
{
    /// <summary>
    /// Of a row of <c>campaign_sender_emptied_campaigns</c>: the packer may still be at work, or still publish its pages.
    /// </summary>
    public const string IsRecent = "(emptied_at > clock_timestamp() - interval '6 hours')";

    /// <summary>
    /// Of such a row: what was parked before it waits, because it may be of the sending before. By then the new pages have
    /// gone.
    /// </summary>
    public const string HoldsPagesBack = "(emptied_at > clock_timestamp() - interval '24 hours' AND NOT was_paused)";

    /// <summary>
    /// To be evaluated before rows of contacts are locked. The packer deletes them in another order than we lock them, so
    /// that both may wait for each other; PostgreSQL ends whoever began to wait first, after a second, and that would often
    /// be the packer. We give up before, and come again: see <see cref="Validation.FaultClassifier.IsLockedOut"/>.
    /// </summary>
    public const string GivingWay = "set_config('lock_timeout', '200', true)";
}
