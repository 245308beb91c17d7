using CampaignSender.Sandbox.Servers;

namespace CampaignSender.Sandbox.Bench;

/// <summary>One setting that all systems are measured in.</summary>
/// <param name="Concurrency">Contacts in work at once in each sender.</param>
/// <param name="Senders">Replicas of the service, or processes of the bare loop.</param>
internal sealed record BenchCell(int LatencyMs, int Concurrency, int Senders)
{
    /// <summary>
    /// Contacts that each sender sends before, to a CRM that answers at once, so that connections are open and code has been
    /// compiled again: the service does that after 1,000 calls, and of 12,000 contacts neither it nor the bare loop was
    /// through with it. As many pages for each of Kafka's partitions, or a sender would stay cold that got none.
    /// </summary>
    public const int WarmUp = 3 * PageSize * OldSenderTopics.PagePartitions;

    /// <summary>Where two cores are the limit and not the latency.</summary>
    private const double MostPerSecond = 5_000;

    private const int PageSize = 1_000;

    /// <summary>
    /// As many as take about so long, in whole pages. Several senders get as many each: Kafka's pages are dealt out by the
    /// partition, and of an uneven deal one sender would be late, which says nothing about its speed.
    /// </summary>
    public int Contacts(int seconds)
    {
        var step = Senders == 1 ? PageSize : PageSize * OldSenderTopics.PagePartitions;
        return step * (int)Math.Ceiling(PerSecond * seconds / step);
    }

    // A contact takes two requests, one after the other.
    private double PerSecond =>
        LatencyMs == 0 ? MostPerSecond : Math.Min(MostPerSecond, Concurrency * Senders * 500d / LatencyMs);
}
