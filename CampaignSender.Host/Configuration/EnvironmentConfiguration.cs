using System.Collections;

namespace CampaignSender.Host.Configuration;

internal static class EnvironmentConfiguration
{
    /// <summary>
    /// Where faults of variables wait until the options that they belong to are asked for. They travel inside the
    /// configuration, because it may be chained into another one before anybody reads it.
    /// </summary>
    public const string FaultsSection = "CampaignSender:EnvironmentFaults";

    /// <summary>
    /// OpenTelemetry's own, but for its library for .NET, and what evo-flow exports by: an endpoint that operators have takes
    /// it.
    /// </summary>
    private static readonly KeyValuePair<string, string?>[] _defaults =
    [
        new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
    ];

    private const string SettingsFile = "appsettings.json";

    /// <summary>
    /// What the service and every command read: <c>appsettings.json</c> of the working directory, .NET's own variables
    /// (<c>Dispatch__Timeout</c>), and over both the variables in <see cref="EnvironmentVariables"/>.
    /// </summary>
    /// <exception cref="InvalidConfigurationException">There is such a file, and it cannot be read.</exception>
    public static IConfigurationBuilder AddCampaignSenderSources(this IConfigurationBuilder builder)
    {
        builder.AddInMemoryCollection(_defaults);
        try
        {
            // Read once: watching it would take one of the 128 inotify instances that a node has by default.
            builder.AddJsonFile(Path.GetFullPath(SettingsFile), optional: true, reloadOnChange: false);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidConfigurationException([
                $"{SettingsFile} cannot be read, expected a JSON object: {exception.GetBaseException().Message}",
            ]);
        }

        var environment = OfThisProcess();
        return builder
            .AddEnvironmentVariables()
            .AddInMemoryCollection(
                // An empty variable counts as not set.
                _defaults.Where(variable => environment.GetValueOrDefault(variable.Key) is "")
            )
            .AddCampaignSenderEnvironment(environment);
    }

    /// <summary>
    /// Adds the configuration keys of the variables in <see cref="EnvironmentVariables"/>; call it last, so that they
    /// win over every other source. An empty variable counts as not set: container platforms cannot leave one out.
    /// </summary>
    public static IConfigurationBuilder AddCampaignSenderEnvironment(
        this IConfigurationBuilder builder,
        IReadOnlyDictionary<string, string?> environment
    )
    {
        var keys = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var variable in EnvironmentVariables.All)
        {
            if (!environment.TryGetValue(variable.Name, out var value) || string.IsNullOrWhiteSpace(value))
            {
                continue;
            }

            if (variable.Kind.Read(value) is not { } setting)
            {
                keys[$"{FaultsSection}:{variable.Name}"] = variable.Unreadable(value);
            }
            else if (variable.Key is { } key)
            {
                keys[key] = setting;
            }
        }

        return builder.AddInMemoryCollection(keys);
    }

    private static Dictionary<string, string?> OfThisProcess() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value, StringComparer.Ordinal);
}
