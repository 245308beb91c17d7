using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CampaignSender.Host.Commands;

/// <summary>The library's help, and how the command is used.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = help.Invoke(parseResult);
        var examples = Examples.Of(parseResult.CommandResult.Command);
        if (examples.Count > 0)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  dotnet CampaignSender.Host.dll {example}");
            }

            output.WriteLine();
        }

        return exitCode;
    }
}
