using Spectre.Console;

namespace CampaignSender.Host.Commands;

/// <summary>Rows under headings, for people.</summary>
internal static class CommandTable
{
    /// <summary>In a file or a pipe a row is one line, however long.</summary>
    private const int WidthOfFiles = 10_000;

    public static void Write(string[] headings, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(Markup.Escape(heading)).NoWrap());
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(CommandText.Printable(cell))));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthOfFiles;
        }

        console.Write(table);
    }
}
