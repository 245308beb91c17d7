using CampaignSender.Host.Validation;
using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace CampaignSender.Host.Database;

internal sealed class DatabaseHealthCheck(NpgsqlDataSource database, DatabaseReadiness readiness) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken
    )
    {
        if (!readiness.Migrated.IsCompleted)
        {
            return HealthCheckResult.Unhealthy("the migration at start is not done");
        }

        try
        {
            var isWritable = await database.Run(
                DatabaseSql.IsWritable,
                new { },
                static (connection, command) => connection.ExecuteScalarAsync<bool>(command),
                cancellationToken
            );
            return isWritable
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("the database is read-only: expected the primary");
        }
        catch (Exception exception) when (FaultClassifier.Classify(exception) is FaultKind.Infrastructure)
        {
            return HealthCheckResult.Unhealthy("the database does not answer", exception);
        }
    }
}
