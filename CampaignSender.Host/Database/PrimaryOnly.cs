using Npgsql;

namespace CampaignSender.Host.Database;

/// <summary>
/// A standby refuses what is written, but answers whoever asks, with what it has heard so far: a page whose contacts it does
/// not know yet would pass for one that is finished.
/// </summary>
internal static class PrimaryOnly
{
    public static NpgsqlSlimDataSourceBuilder RefuseStandbys(this NpgsqlSlimDataSourceBuilder builder) =>
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(DatabaseSql.IsStandby, connection);
                Require(command.ExecuteScalar());
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(DatabaseSql.IsStandby, connection);
                Require(await command.ExecuteScalarAsync());
            }
        );

    private static void Require(object? isStandby)
    {
        if (isStandby is true)
        {
            throw new NpgsqlException("the server is a standby: expected the primary");
        }
    }
}
