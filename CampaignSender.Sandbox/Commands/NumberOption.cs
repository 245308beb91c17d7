using System.CommandLine;

namespace CampaignSender.Sandbox.Commands;

internal static class NumberOption
{
    /// <summary>A whole number of a range, both ends included.</summary>
    public static Option<int> Create(string name, int standard, int from, int to, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < from || value > to))
            {
                result.AddError($"{name}: expected a whole number from {from} to {to}, got {value}");
            }
        });
        return option;
    }
}
