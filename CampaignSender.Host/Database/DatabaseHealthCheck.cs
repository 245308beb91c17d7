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
            await database.Run(
                DatabaseSql.Answer,
                new { },
                static (connection, command) => connection.ExecuteScalarAsync<int>(command),
                cancellationToken
            );
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (FaultClassifier.Classify(exception) is FaultKind.Infrastructure)
        {
            return HealthCheckResult.Unhealthy("the database does not answer", exception);
        }
    }
}
