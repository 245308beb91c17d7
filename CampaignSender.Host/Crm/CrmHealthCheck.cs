using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CampaignSender.Host.Crm;

/// <summary>What the requests of the pages have shown; it makes none of its own.</summary>
internal sealed class CrmHealthCheck(CrmCircuit circuit, CrmCondition condition) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(
            condition.IsUnauthorized ? HealthCheckResult.Unhealthy("the CRM refuses EVOAI_CRM_API_TOKEN")
            : circuit.IsOpen ? HealthCheckResult.Unhealthy("the CRM fails too often")
            : HealthCheckResult.Healthy()
        );
}
