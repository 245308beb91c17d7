namespace CampaignSender.Host.Database;

internal static class MigrationStatements
{
    public const string TryLock = "select pg_try_advisory_lock(@key)";

    /// <summary>Notices within a minute or so that the client is gone.</summary>
    public const string WatchClient =
        "set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3";

    /// <summary>DbUp takes a journal that the role has no rights to for one that is not there.</summary>
    public const string Journal = """
        select current_schema() as "Schema",
               journal is not null as "Exists",
               has_table_privilege(journal, 'select, insert') is false as "IsHidden"
        from to_regclass(quote_ident(current_schema()) || '.' || @Journal) as journal
        """;

    /// <summary>Of the journal in the current schema, where it is found before one of the same name anywhere else.</summary>
    public const string Scripts = $"select scriptname from {MigrationJournal.Table}";

    public const string Cancel = "select pg_cancel_backend(@pid)";

    /// <summary>Indexes of ours whose concurrent build was broken off: never used by a query, maintained by every write.</summary>
    public const string BrokenIndexes = """
        select format('%I.%I', namespace.nspname, class.relname)
        from pg_index
        join pg_class class on class.oid = pg_index.indexrelid
        join pg_namespace namespace on namespace.oid = class.relnamespace
        where not pg_index.indisvalid
          and namespace.nspname = current_schema()
          and class.relname like 'campaign\_sender\_%'
        """;

    public static string DropIndex(string index) => $"drop index concurrently if exists {index}";

    /// <summary>Zero waits without a limit.</summary>
    public static string Limits(TimeSpan lockTimeout) =>
        $"set lock_timeout = {(long)lockTimeout.TotalMilliseconds}; set statement_timeout = 0";
}
