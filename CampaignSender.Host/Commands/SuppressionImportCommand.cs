using System.CommandLine;
using System.Text;
using CampaignSender.Host.Suppression;

namespace CampaignSender.Host.Commands;

internal static class SuppressionImportCommand
{
    private const string StandardInput = "-";

    public static Command Build()
    {
        var file = new Argument<string>("file")
        {
            Description =
                $"CSV in UTF-8 with the header contact_id,channel,reason,expires_at; {StandardInput} is standard input",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only check the file and tell what would be done" };
        var import = new Command("import", "Puts the contacts of a file on the list: all of them, or none.")
        {
            file,
            dryRun,
        };
        import.SetAction(
            (arguments, cancellationToken) =>
                SuppressionCommand.WithList(list =>
                    Execute(list, arguments.GetValue(file)!, arguments.GetValue(dryRun), cancellationToken)
                )
        );
        return import;
    }

    private static async Task<int> Execute(
        ISuppressionList list,
        string path,
        bool isTrial,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var text = new StreamReader(Open(path), Encoding.UTF8);
            var file = new SuppressionFile(text, TimeProvider.System.GetUtcNow(), WriteFault);
            var import = await list.Import(file.Read(cancellationToken), isTrial, cancellationToken);
            Answer.Write(import, () => Describe(import, isTrial));
            return ExitCodes.Success;
        }
        catch (InvalidDataException exception)
        {
            await Console.Error.WriteLineAsync($"Nothing is imported: {exception.Message}");
        }
        catch (Exception exception)
            when (exception is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            await Console.Error.WriteLineAsync($"Expected a file that can be read: {exception.Message}");
        }

        return ExitCodes.Failure;
    }

    private static Stream Open(string path) =>
        path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);

    private static void WriteFault(SuppressionFault fault) =>
        Console.Error.WriteLine($"line {fault.Line}: {fault.Message}");

    private static string Describe(SuppressionImport import, bool isTrial)
    {
        var done = isTrial ? "would be " : "";
        return $"{CommandText.Count(import.Lines, "line")}: {import.Added:N0} {done}added, {import.Replaced:N0} {done}replaced, "
            + $"{import.Overruled:N0} overruled: the same contact and channel is listed for longer, or by a later line";
    }
}
