using CampaignSender.Sandbox.Servers;

namespace CampaignSender.Sandbox.Demo;

internal interface IDemoView : IServerLog
{
    /// <summary>Shows one snapshot after the other until the story has come to its end, and the last one then.</summary>
    Task Follow(Func<CancellationToken, Task<DemoSnapshot>> look, Task story, CancellationToken cancellationToken);
}
