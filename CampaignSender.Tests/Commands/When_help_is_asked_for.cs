using System.CommandLine;
using CampaignSender.Host.Commands;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

internal sealed class When_help_is_asked_for
{
    private static readonly RootCommand Root = CommandLine.Build();

    [TestCaseSource(nameof(Leaves))]
    public void A_command_shows_examples_that_work(Command command)
    {
        var examples = Examples.Of(command);

        Assert.That(examples, Is.Not.Empty);
        foreach (var example in examples)
        {
            // What stands behind > is the shell's.
            var parsed = Root.Parse(example.Split('>')[0]);
            Assert.That(parsed.Errors, Is.Empty, example);
            Assert.That(parsed.CommandResult.Command, Is.SameAs(command), example);
        }

        var help = new StringWriter();
        Root.Parse($"{examples[0].Split('>')[0]} --help").Invoke(new InvocationConfiguration { Output = help });
        Assert.That(help.ToString(), Does.Contain(examples[0]));
    }

    [Test]
    public void Every_command_answers_programs_too() =>
        Assert.That(Leaves().Select(leaf => (Command)leaf.Arguments[0]!).Select(Accepts), Is.All.True);

    private static IEnumerable<TestCaseData> Leaves() =>
        LeavesOf(Root).Select(command => new TestCaseData(command).SetArgDisplayNames(command.Name));

    private static IEnumerable<Command> LeavesOf(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(LeavesOf);

    private static bool Accepts(Command command) =>
        Root.Parse($"{Examples.Of(command)[0].Split('>')[0]} --json").Errors.Count == 0;
}
