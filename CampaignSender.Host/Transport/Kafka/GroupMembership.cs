namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// Whether the group has taken this replica in, and for how long it has not. A client that is put out while it has no
/// partitions tells of no loss: its statistics alone do.
/// </summary>
internal sealed class GroupMembership(TimeSpan longestJoin, TimeProvider time)
{
    private long? _outsideSince = time.GetTimestamp();

    public void Set(bool isMember) => _outsideSince = isMember ? null : _outsideSince ?? time.GetTimestamp();

    /// <exception cref="TimeoutException">It takes too long: a new client may have more luck than this one.</exception>
    public void Check()
    {
        if (_outsideSince is { } since && time.GetElapsedTime(since) > longestJoin)
        {
            throw new TimeoutException(
                $"the group has not taken this replica in for {longestJoin.TotalSeconds:0} s; a new client tries it"
            );
        }
    }
}
