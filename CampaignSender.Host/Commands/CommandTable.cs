using Spectre.Console;

namespace CampaignSender.Host.Commands;

/// <summary>Rows under headings, for people.</summary>
internal static class CommandTable
{
    public static void Write(string[] headings, IEnumerable<string[]> rows) => Write(Terminal.Console, headings, rows);

    /// <summary>A row is one line, however long: in less room columns would be left out, and ids broken that are to be copied.</summary>
    public static void Write(IAnsiConsole console, string[] headings, IEnumerable<string[]> rows)
    {
        console.Profile.Width = Terminal.AnyWidth;
        var table = new Table().Border(TableBorder.Simple);
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(Markup.Escape(heading)).NoWrap());
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(CommandText.Printable(cell))));
        }

        console.Write(table);
    }
}
