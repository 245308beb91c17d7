namespace CampaignSender.Sandbox.Servers;

/// <summary>The settings of a PostgreSQL server of ours, each as <c>name=value</c>.</summary>
internal static class PostgreSqlSettings
{
    /// <summary>Of PostgreSQL's contrib modules, which not everybody has installed.</summary>
    public const string WatchStatements = "shared_preload_libraries=pg_stat_statements,auto_explain";

    public static IEnumerable<string> For(ServerNeeds needs)
    {
        var flush = needs.HasFlag(ServerNeeds.Durable) ? "on" : "off";
        return
        [
            $"fsync={flush}",
            $"synchronous_commit={flush}",
            $"full_page_writes={flush}",
            "max_connections=300",
            "shared_buffers=128MB",
            // Shared memory as files beside the data: a killed server leaves nothing elsewhere.
            "dynamic_shared_memory_type=mmap",
            .. needs.HasFlag(ServerNeeds.StatementPlans) ? StatementPlans.Settings : [],
        ];
    }
}
