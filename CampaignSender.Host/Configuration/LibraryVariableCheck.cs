using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Configuration;

/// <summary>Variables that OpenTelemetry reads itself: it would say nothing of a fault, and export nothing.</summary>
internal sealed class LibraryVariableCheck(IConfiguration configuration) : IValidateOptions<TraceOptions>
{
    public ValidateOptionsResult Validate(string? name, TraceOptions options)
    {
        var faults = EnvironmentVariables
            .All.Where(variable => variable.Key is null)
            .Select(variable => configuration[$"{EnvironmentConfiguration.FaultsSection}:{variable.Name}"])
            .OfType<string>()
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
