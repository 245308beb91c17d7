using System.Runtime.CompilerServices;

namespace CampaignSender.Tests;

/// <summary>The files of the project, as they stand.</summary>
internal static class Repository
{
    /// <param name="path">From the root of the repository, with forward slashes.</param>
    public static string PathOf(string path) => Path.GetFullPath(Path.Combine(Root(), path));

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..");
}
