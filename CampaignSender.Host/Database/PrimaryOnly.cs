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
                Refuse((bool)command.ExecuteScalar()!);
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(DatabaseSql.IsStandby, connection);
                Refuse((bool)(await command.ExecuteScalarAsync())!);
            }
        );

    /// <exception cref="NpgsqlException">It is one.</exception>
    public static void Refuse(bool isStandby)
    {
        if (isStandby)
        {
            throw new NpgsqlException("the server is a standby: expected the primary");
        }
    }
}
