namespace CampaignSender.Contracts.Json;

/// <summary>The names that the values of an enum have on the wire.</summary>
internal sealed class WireEnum<TEnum>(params (TEnum Value, string Name)[] entries)
    where TEnum : struct, Enum
{
    public string Rule { get; } = $"must be one of {string.Join(", ", entries.Select(entry => entry.Name))}";

    public ReadOnlySpan<(TEnum Value, string Name)> Entries => entries;

    public string NameOf(TEnum value)
    {
        foreach (var entry in entries)
        {
            if (EqualityComparer<TEnum>.Default.Equals(entry.Value, value))
            {
                return entry.Name;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, Rule);
    }
}
