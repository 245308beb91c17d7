using CampaignSender.Sandbox.Servers.Containers;
using CampaignSender.Sandbox.Servers.Programs;

namespace CampaignSender.Sandbox.Servers;

/// <summary>Decides where PostgreSQL comes from.</summary>
internal static class PostgreSqlSource
{
    public const string Variable = "CAMPAIGN_SENDER_TEST_POSTGRES";

    public static async Task<PostgreSqlServer> Start(
        ServerNeeds needs,
        IServerLog log,
        Surroundings surroundings,
        CancellationToken cancellationToken
    ) =>
        await SuppliedPostgreSql.Take(log, surroundings, cancellationToken)
        ?? await PostgreSqlContainerStart.Run(needs, log, surroundings, cancellationToken)
        ?? await PostgreSqlProgram.Run(needs, log, surroundings, cancellationToken)
        ?? throw new ServerUnavailableException(
            $"""
            There is no PostgreSQL to work with: {Variable} is not set, no container engine answers, and initdb and
            postgres are in none of: {string.Join(
                ", ",
                surroundings.PostgreSqlFolders().DefaultIfEmpty("(no folder)")
            )}.
            Install it (Debian, Ubuntu: apt-get install postgresql), start a container engine, or set {Variable}
            to a server to use, for instance Host=127.0.0.1;Username=postgres;Password=... or postgres://user:password@host:5432.
            """
        );
}
