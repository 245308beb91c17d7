using CampaignSender.Host.Commands;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

/// <summary>A test of what a command writes, on either output.</summary>
internal abstract class ConsoleTest
{
    private StringWriter _output = null!;
    private StringWriter _errors = null!;
    private TextWriter _consoleOutput = null!;
    private TextWriter _consoleErrors = null!;

    protected string Output => _output.ToString();
    protected string Errors => _errors.ToString();

    [SetUp]
    public void Listen()
    {
        _consoleOutput = Console.Out;
        _consoleErrors = Console.Error;
        Console.SetOut(_output = new StringWriter());
        Console.SetError(_errors = new StringWriter());
    }

    [TearDown]
    public void StopListening()
    {
        Console.SetOut(_consoleOutput);
        Console.SetError(_consoleErrors);
        _output.Dispose();
        _errors.Dispose();
        Answer.IsForPrograms = false;
    }
}
