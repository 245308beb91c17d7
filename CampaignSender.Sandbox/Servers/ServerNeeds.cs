namespace CampaignSender.Sandbox.Servers;

/// <summary>The servers that somebody needs.</summary>
[Flags]
internal enum ServerNeeds
{
    None = 0,

    PostgreSql = 1,

    RabbitMq = 2,

    Both = PostgreSql | RabbitMq,

    /// <summary>PostgreSQL keeps what it committed when it is killed. Slower: every commit reaches the disk.</summary>
    Durable = 4,

    Kafka = 8,

    /// <summary>PostgreSQL can tell the plans of the statements that it executes.</summary>
    StatementPlans = 16,
}
