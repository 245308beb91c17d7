namespace CampaignSender.Host.Database;

/// <param name="Name">The name in the journal: the name of its file.</param>
internal sealed record MigrationScript(string Name, string Sql)
{
    /// <summary>Runs beside the writers and outside a transaction.</summary>
    public bool IsConcurrent => Name.EndsWith("_concurrently.sql", StringComparison.Ordinal);
}
