namespace CampaignSender.Host.Configuration;

/// <summary>An environment variable that operators set, and the configuration key that it is.</summary>
/// <param name="Key">Null when a library reads the variable itself.</param>
/// <param name="Default">The default, as the variable would have it, or what holds without the variable.</param>
internal sealed record EnvironmentVariable(string Name, string? Key, VariableKind Kind, string Default, string Meaning)
{
    /// <summary>A fault of the variable's value.</summary>
    public string Unreadable(string value) => $"{Both}: expected {Kind.Expected}, {Got(value)}. {Fix}";

    /// <summary>A fault of the value under the configuration key, wherever that was set.</summary>
    public string UnreadableKey(string value) =>
        $"{Key} (variable {Name}): expected {Kind.ExpectedOfKey}, {Got(value)}. {Fix}";

    /// <summary>A required value that nobody set.</summary>
    public string Missing(string example) =>
        $"{Both}: expected {Kind.Expected}, but it is not set. Set it, for example {Name}={example}.";

    /// <summary>A value that is readable and does not agree with another one.</summary>
    public string Disagreeing(string expected, string fix) => $"{Both}: expected {expected}. {fix}";

    private string Both => Key is null ? Name : $"{Name} (key {Key})";

    private string Fix =>
        Default.StartsWith("required", StringComparison.Ordinal)
            ? "Correct it."
            : $"Correct it, or remove it to have the default: {Default}.";

    private string Got(string value) =>
        Kind.IsSecret ? "but its value is not (not shown, it may hold a secret)"
        : value.Length > 60 ? $"got {value.Length} characters"
        : $"got \"{value}\"";
}
