using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace CampaignSender.Sandbox.Commands;

/// <summary>Whole numbers of a range, both ends included.</summary>
internal static class NumberOption
{
    public static Option<int> WithDefault(string name, int standard, int from, int to, string description) =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => standard,
            CustomParser = result => Read(result, name, from, to).SingleOrDefault(standard),
        };

    /// <summary>One or more of them.</summary>
    public static Option<Several<int>> SeveralWithDefault(
        string name,
        int[] standard,
        int from,
        int to,
        string description
    ) =>
        new(name)
        {
            Description = $"{description}; several are separated by spaces",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => new(standard),
            CustomParser = result => new(Read(result, name, from, to)),
        };

    public static Option<int> CrmLatency(int standard) =>
        WithDefault("--crm-latency", standard, 0, 60_000, "Milliseconds that the CRM takes for an answer");

    private static List<int> Read(ArgumentResult result, string name, int from, int to)
    {
        var numbers = new List<int>();
        foreach (var token in result.Tokens)
        {
            if (
                int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number >= from
                && number <= to
            )
            {
                numbers.Add(number);
            }
            else
            {
                result.AddError($"{name}: expected a whole number from {from} to {to}, got {token.Value}");
            }
        }

        return numbers;
    }
}
