using System.CommandLine;

namespace CampaignSender.Sandbox.Commands;

/// <summary>What a run has found out, for scripts and for people.</summary>
internal static class RunReport
{
    public static Option<FileInfo?> Option() =>
        new("--report") { Description = "Where the result goes as JSON; else to the output" };

    /// <summary>Writes it, and returns the exit code.</summary>
    /// <param name="file">Null: to the output.</param>
    /// <param name="faults">What did not come out.</param>
    public static async Task<int> Write(
        FileInfo? file,
        string json,
        string summary,
        IReadOnlyCollection<string> faults,
        CancellationToken cancellationToken
    )
    {
        if (file is null)
        {
            Console.WriteLine(json);
        }
        else
        {
            await File.WriteAllTextAsync(file.FullName, json, cancellationToken);
            Console.WriteLine($"{summary}: {file.FullName}");
        }

        return await Tell(faults);
    }

    /// <summary>Says what did not come out, and returns the exit code.</summary>
    public static async Task<int> Tell(IReadOnlyCollection<string> faults)
    {
        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync($"It does not come out: {fault}");
        }

        return faults.Count == 0 ? 0 : 1;
    }
}
