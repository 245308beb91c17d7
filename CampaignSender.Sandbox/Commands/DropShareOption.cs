using System.CommandLine;

namespace CampaignSender.Sandbox.Commands;

internal static class DropShareOption
{
    public static Option<double> Create()
    {
        var option = new Option<double>("--drop-share")
        {
            Description = "The part of the messages that the CRM stores without an answer, 0 to 1, for instance 0.1",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
            {
                result.AddError($"--drop-share: expected a number from 0 to 1, got {result.Tokens[0].Value}");
            }
        });
        return option;
    }
}
