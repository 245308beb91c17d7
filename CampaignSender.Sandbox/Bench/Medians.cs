namespace CampaignSender.Sandbox.Bench;

internal static class Medians
{
    /// <summary>The middle one, or between the two that are.</summary>
    public static double Median<T>(this IEnumerable<T> items, Func<T, double> value)
    {
        var sorted = items.Select(value).Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>Null where one is missing.</summary>
    public static double? MedianOrNull<T>(this IReadOnlyCollection<T> items, Func<T, double?> value) =>
        items.All(item => value(item) is not null) ? items.Median(item => value(item)!.Value) : null;
}
