using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace CampaignSender.Sandbox.Commands;

internal static class DropShareOption
{
    private const string Name = "--drop-share";

    public static Option<double> Create() =>
        new(Name)
        {
            Description = "The part of the messages that the CRM stores without an answer, 0 to 1, for instance 0.1",
            CustomParser = Read,
        };

    private static double Read(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share)
            && share is >= 0 and <= 1
        )
        {
            return share;
        }

        result.AddError($"{Name}: expected a number from 0 to 1, got {text}");
        return 0;
    }
}
