using Npgsql;

namespace CampaignSender.Sandbox.Servers;

/// <summary>The PostgreSQL server that the environment names.</summary>
internal static class SuppliedPostgreSql
{
    public static async Task<PostgreSqlServer?> Take(
        IServerLog log,
        Surroundings surroundings,
        CancellationToken cancellationToken
    )
    {
        var text = surroundings.Variable(PostgreSqlSource.Variable);
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            var address = PostgreSqlAddress.Parse(text);
            await using var connection = await address.Open(cancellationToken);
            log.Say(
                $"PostgreSQL {connection.PostgreSqlVersion}: {address.Host}:{address.Port}, given by {PostgreSqlSource.Variable}"
            );
            return new PostgreSqlServer(address, new SuppliedServer(PostgreSqlSource.Variable));
        }
        catch (Exception exception) when (exception is NpgsqlException or ArgumentException)
        {
            throw new ServerUnavailableException(
                $"{PostgreSqlSource.Variable} names a PostgreSQL server that cannot be used: {exception.Message}",
                exception
            );
        }
    }
}
