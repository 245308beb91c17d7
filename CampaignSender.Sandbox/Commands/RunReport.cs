using System.CommandLine;

namespace CampaignSender.Sandbox.Commands;

/// <summary>What a run has found out, for scripts and for people.</summary>
internal static class RunReport
{
    public static Option<FileInfo?> Option() => Option("--report", "Where the result goes as JSON; else to the output");

    public static Option<FileInfo?> Option(string name, string description)
    {
        var option = new Option<FileInfo?>(name) { Description = description };
        // Told now, not after a run of half an hour.
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo?>() is { Directory.Exists: false } file)
            {
                result.AddError($"{name}: expected a file in a folder that exists, got {file.FullName}");
            }
        });
        return option;
    }

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
