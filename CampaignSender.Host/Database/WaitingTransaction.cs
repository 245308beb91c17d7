namespace CampaignSender.Host.Database;

/// <summary>A transaction that waits for something else, the broker for instance, while it holds rows.</summary>
internal static class WaitingTransaction
{
    /// <summary>
    /// To be its first statement: of a machine that is gone without a word PostgreSQL hears after two hours otherwise, and
    /// keeps the rows that long. Longer than anything that is waited for.
    /// </summary>
    public const string Limit = "SET LOCAL idle_in_transaction_session_timeout = '5min'";

    /// <summary>Of one that waits for its own client alone, between statements, while others wait for its rows.</summary>
    public const string BriefLimit = "SET LOCAL idle_in_transaction_session_timeout = '5s'";
}
