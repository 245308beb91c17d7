using System.CommandLine;

namespace CampaignSender.Sandbox.Commands;

/// <summary>Whole numbers of a range, both ends included.</summary>
internal static class NumberOption
{
    public static Option<int> Create(string name, int standard, int from, int to, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < from || value > to))
            {
                result.AddError(Expected(name, from, to, value));
            }
        });
        return option;
    }

    /// <summary>One or more of them.</summary>
    public static Option<int[]> CreateMany(string name, int[] standard, int from, int to, string description)
    {
        var option = new Option<int[]>(name)
        {
            Description = description,
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => standard,
        };
        option.Validators.Add(result =>
        {
            foreach (var value in result.GetValueOrDefault<int[]>()!.Where(value => value < from || value > to))
            {
                result.AddError(Expected(name, from, to, value));
            }
        });
        return option;
    }

    public static Option<int> CrmLatency(int standard) =>
        Create("--crm-latency", standard, 0, 60_000, "Milliseconds that the CRM takes for an answer");

    private static string Expected(string name, int from, int to, int value) =>
        $"{name}: expected a whole number from {from} to {to}, got {value}";
}
