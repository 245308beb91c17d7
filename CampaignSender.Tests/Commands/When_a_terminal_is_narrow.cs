using CampaignSender.Host.Commands;
using NUnit.Framework;
using Spectre.Console;

namespace CampaignSender.Tests.Commands;

internal sealed class When_a_terminal_is_narrow
{
    private readonly StringWriter _output = new();
    private IAnsiConsole _console = null!;

    [SetUp]
    public void MakeOne()
    {
        _output.GetStringBuilder().Clear();
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_output) });
        _console.Profile.Width = 80;
    }

    [OneTimeTearDown]
    public void Dispose() => _output.Dispose();

    [Test]
    public void A_row_of_a_table_stays_one_line_with_all_its_columns()
    {
        string[] headings = ["id", "campaign", "page", "reason", "redrives", "parked at", "not before"];
        string[] row =
        [
            $"{Guid.NewGuid()}",
            $"{Guid.NewGuid()}",
            "12",
            "campaign_not_sending",
            "3",
            "2026-11-29 09:30:00Z",
            "2026-11-29 10:30:00Z",
        ];

        CommandTable.Write(_console, headings, [row]);

        var lines = Lines();
        Assert.That(lines.Where(line => headings.All(heading => line.Contains(heading, Ordinal))), Has.One.Items);
        Assert.That(lines.Where(line => row.All(cell => line.Contains(cell, Ordinal))), Has.One.Items);
    }

    [Test]
    public void A_note_is_broken_between_words()
    {
        const string Note =
            "2026-11-29 09:30:00Z  Sending  sent 1,234,567  failed 1,234  skipped 12  pending 1,234,567  10.0 a second";

        Terminal.WriteWords(_console, Note);

        Assert.That(Lines(), Has.Length.EqualTo(2));
        Assert.That(Lines().SelectMany(Words), Is.EqualTo(Words(Note)));
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private string[] Lines() => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Words(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
