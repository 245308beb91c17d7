using System.CommandLine;

namespace CampaignSender.Sandbox.Commands;

internal static class HostAssembly
{
    /// <summary>Both stand in the folder that the build writes to.</summary>
    private static readonly string Published = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "../../../publish/CampaignSender.Host/release/CampaignSender.Host.dll")
    );

    public static Option<string> Option() =>
        new("--host") { Description = "The published CampaignSender.Host.dll", DefaultValueFactory = _ => Published };
}
