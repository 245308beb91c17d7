using System.CommandLine;

namespace CampaignSender.Host.Commands;

/// <summary>Whole numbers of a range, both ends included.</summary>
internal static class NumberOption
{
    public static Option<int> Create(string name, int standard, int from, int to, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        return option.Within(from, to, result => result.GetValueOrDefault<int>());
    }

    /// <summary>Null where it is not given.</summary>
    public static Option<int?> Create(string name, int from, int to, string description)
    {
        var option = new Option<int?>(name) { Description = description };
        return option.Within(from, to, result => result.GetValueOrDefault<int?>());
    }

    private static TOption Within<TOption>(
        this TOption option,
        int from,
        int to,
        Func<System.CommandLine.Parsing.OptionResult, int?> read
    )
        where TOption : Option
    {
        option.Validators.Add(result =>
        {
            if (read(result) is { } value && (value < from || value > to))
            {
                result.AddError($"{option.Name}: expected a whole number from {from} to {to}, got {value}");
            }
        });
        return option;
    }
}
