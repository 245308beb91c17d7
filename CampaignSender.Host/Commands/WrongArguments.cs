using System.CommandLine;
using System.CommandLine.Invocation;

namespace CampaignSender.Host.Commands;

/// <summary>What is said of a line that is no command.</summary>
internal static class WrongArguments
{
    /// <summary>The library would print the help on the standard output, where a program expects an answer.</summary>
    public static int Tell(ParseResult line, ParseErrorAction fault)
    {
        fault.ShowHelp = false;
        var exitCode = line.Invoke(new InvocationConfiguration { Output = Console.Error, Error = Console.Error });
        Console.Error.WriteLine("See --help");
        return exitCode;
    }
}
