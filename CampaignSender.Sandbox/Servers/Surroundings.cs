using CampaignSender.Sandbox.Servers.Programs;

namespace CampaignSender.Sandbox.Servers;

/// <summary>Where servers may come from: everything the machine offers, unless a test narrows it.</summary>
internal sealed record Surroundings
{
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    public bool Containers { get; init; } = true;

    public bool Installing { get; init; } = true;

    /// <summary>Where servers of ours keep their data while they run.</summary>
    public string Folder { get; init; } = Path.GetTempPath();

    /// <summary>Folders that may hold <c>initdb</c> and <c>postgres</c>.</summary>
    public Func<IReadOnlyList<string>> PostgreSqlFolders { get; init; } = ProgramFolders.PostgreSql;

    /// <summary>Folders that may hold the <c>rabbitmq-server</c> script, the preferred ones first.</summary>
    public Func<IReadOnlyList<string>> RabbitMqFolders { get; init; } = ProgramFolders.RabbitMq;
}
