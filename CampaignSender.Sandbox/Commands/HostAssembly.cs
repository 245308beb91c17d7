using System.CommandLine;

namespace CampaignSender.Sandbox.Commands;

internal static class HostAssembly
{
    /// <summary>Both stand in the folder that the build writes to.</summary>
    private static readonly string Published = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "../../../publish/CampaignSender.Host/release/CampaignSender.Host.dll")
    );

    public static Option<FileInfo> Option()
    {
        var option = new Option<FileInfo>("--host")
        {
            Description = "The published CampaignSender.Host.dll",
            DefaultValueFactory = _ => new FileInfo(Published),
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo>() is { Exists: false } missing)
            {
                result.AddError(
                    $"--host: expected the published service, found nothing at {missing.FullName}; "
                        + "'dotnet publish CampaignSender.Host -c Release' publishes it"
                );
            }
        });
        return option;
    }
}
