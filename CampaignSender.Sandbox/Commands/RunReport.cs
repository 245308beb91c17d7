namespace CampaignSender.Sandbox.Commands;

/// <summary>What a run has found out, for scripts and for people.</summary>
internal static class RunReport
{
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

        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync($"It does not come out: {fault}");
        }

        return faults.Count == 0 ? 0 : 1;
    }
}
