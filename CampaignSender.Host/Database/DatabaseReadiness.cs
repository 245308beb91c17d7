namespace CampaignSender.Host.Database;

/// <summary>Lets everybody who needs the tables wait until the migration at start is done.</summary>
internal sealed class DatabaseReadiness
{
    private readonly TaskCompletionSource _migrated = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Migrated => _migrated.Task;

    public void SetMigrated() => _migrated.TrySetResult();
}
