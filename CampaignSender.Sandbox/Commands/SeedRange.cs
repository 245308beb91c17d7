using System.CommandLine;
using System.Globalization;

namespace CampaignSender.Sandbox.Commands;

/// <summary>The option for the seeds of several runs: <c>7</c>, <c>1-20</c> or <c>1,4,9-12</c>.</summary>
internal static class SeedRange
{
    public static Option<string> Option()
    {
        var option = new Option<string>("--seeds")
        {
            Description = "Several runs, one after the other, for instance 1-20 or 3,7,9; instead of --seed",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && TryRead(token.Value) is null)
            {
                result.AddError($"--seeds: expected seeds as 1-20 or 3,7,9, got '{token.Value}'");
            }
        });
        return option;
    }

    /// <summary>Null where it is none.</summary>
    public static IReadOnlyList<int>? TryRead(string text)
    {
        var seeds = new List<int>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-', 2);
            if (TryReadNumber(ends[0]) is not { } from || TryReadNumber(ends[^1]) is not { } to || to < from)
            {
                return null;
            }

            seeds.AddRange(Enumerable.Range(from, to - from + 1));
        }

        return seeds;
    }

    private static int? TryReadNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
