using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace CampaignSender.Host.Commands;

/// <summary>Whole numbers of a range, both ends included.</summary>
internal static class NumberOption
{
    public static Option<int> WithDefault(string name, int standard, int from, int to, string description) =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => standard,
            CustomParser = result => Read(result, name, from, to) ?? standard,
        };

    /// <summary>Null where it is not given.</summary>
    public static Option<int?> Optional(string name, int from, int to, string description) =>
        new(name) { Description = description, CustomParser = result => Read(result, name, from, to) };

    /// <summary>Null, and a fault: it is no such number.</summary>
    public static int? Read(ArgumentResult result, string name, int from, int to)
    {
        var text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        if (
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= from
            && number <= to
        )
        {
            return number;
        }

        result.AddError($"{name}: expected a whole number from {from} to {to}, got {text}");
        return null;
    }
}
