using System.CommandLine.Invocation;
using CampaignSender.Host.Commands;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

internal sealed class When_a_line_is_no_command : ConsoleTest
{
    [TestCase("campaign status x --json", "campaign-id: expected a UUID, got x")]
    [TestCase("campaign status --json", "Required argument missing")]
    [TestCase("campaign", "Required command was not provided")]
    [TestCase("campain", "campaign")]
    public void The_fault_is_told_beside_an_answer_that_there_is_not(string line, string expected)
    {
        var parsed = CommandLine.Build().Parse(line);

        var exitCode = WrongArguments.Tell(parsed, (ParseErrorAction)parsed.Action!);

        Assert.That(exitCode, Is.EqualTo(ExitCodes.Failure));
        Assert.That(Output, Is.Empty);
        Assert.That(Errors, Does.Contain(expected).And.Contain("See --help"));
    }
}
