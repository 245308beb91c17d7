using Spectre.Console;

namespace CampaignSender.Host.Commands;

/// <summary>Rows under headings, for people.</summary>
internal static class CommandTable
{
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

        Terminal.Console.Write(table);
    }
}
