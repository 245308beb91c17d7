namespace CampaignSender.Host.Database;

/// <summary>How long the migrator waits for others, and how long it makes others wait.</summary>
internal sealed record MigrationPatience
{
    /// <summary>
    /// The longest that one statement queues for a table lock. Everybody who writes to the table queues behind it for
    /// as long. Longer than PostgreSQL's <c>deadlock_timeout</c>, 1 s unless it is set: only then it has an autovacuum give way.
    /// </summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Tries to lock a table before the migration is given up.</summary>
    public int Attempts { get; init; } = 20;

    /// <summary>The time between two tries, in which the writers have the table to themselves.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a replica asks whether another one has finished migrating.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(500);
}
