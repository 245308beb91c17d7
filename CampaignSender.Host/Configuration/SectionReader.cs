using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Configuration;

/// <summary>
/// Binds one section, value by value as <see cref="EnvironmentVariables"/> describes them, so that a value that cannot
/// be read is reported with its name and its fix instead of the binder's exception.
/// </summary>
internal sealed class SectionReader<TOptions>(IConfiguration configuration) : IConfigureOptions<TOptions>
    where TOptions : class, IOptionsSection
{
    public void Configure(TOptions options)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var faults = new List<string>();
        foreach (var variable in EnvironmentVariables.All)
        {
            if (variable.Key is { } key && key.StartsWith($"{TOptions.Section}:", StringComparison.Ordinal))
            {
                Read(variable, key, values, faults);
            }
        }

        if (faults.Count > 0)
        {
            throw new OptionsValidationException(TOptions.Section, typeof(TOptions), faults);
        }

        new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection(TOptions.Section).Bind(options);
    }

    private void Read(EnvironmentVariable variable, string key, Dictionary<string, string?> values, List<string> faults)
    {
        if (configuration[$"{EnvironmentConfiguration.FaultsSection}:{variable.Name}"] is { } fault)
        {
            faults.Add(fault);
        }
        else if (configuration[key] is { } value && !string.IsNullOrWhiteSpace(value))
        {
            if (variable.Kind.ReadKey(value) is { } setting)
            {
                values[key] = setting;
            }
            else
            {
                faults.Add(variable.UnreadableKey(value));
            }
        }
    }
}
