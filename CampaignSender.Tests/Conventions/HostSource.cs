using System.Text.RegularExpressions;

namespace CampaignSender.Tests.Conventions;

/// <summary>A source file of Host.</summary>
internal sealed partial record HostSource
{
    public const string Root = "CampaignSender.Host";

    /// <summary>Its path inside the project, with forward slashes.</summary>
    public required string Path { get; init; }

    public required string Text { get; init; }

    /// <summary>Its folder, and so its room; empty for the files of the flow itself.</summary>
    public string Room => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.IndexOf('/')] : "";

    /// <summary>The namespace that its folder asks for.</summary>
    public string ExpectedNamespace => string.Join('.', Path.Split('/').SkipLast(1).Prepend(Root));

    /// <summary>The namespace that it declares. The program itself declares none.</summary>
    public string Namespace => Declaration().Match(Code) is { Success: true } match ? match.Groups["name"].Value : Root;

    /// <summary>The text without comments.</summary>
    public string Code => Comment().Replace(Text, "");

    public static IReadOnlyList<HostSource> All { get; } = Read(Root);

    public static IReadOnlyList<HostSource> Contracts { get; } = Read("CampaignSender.Contracts");

    public override string ToString() => Path;

    private static List<HostSource> Read(string project)
    {
        var folder = Repository.PathOf(project);
        return
        [
            .. Directory
                .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Select(file => new HostSource
                {
                    Path = System.IO.Path.GetRelativePath(folder, file).Replace('\\', '/'),
                    Text = File.ReadAllText(file),
                })
                .Where(source => !source.Path.StartsWith("obj/", StringComparison.Ordinal))
                .OrderBy(source => source.Path, StringComparer.Ordinal),
        ];
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    // A url in a text is no comment.
    [GeneratedRegex(@"(?<!:)//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
