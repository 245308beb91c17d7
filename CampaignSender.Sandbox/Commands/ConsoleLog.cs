using CampaignSender.Sandbox.Servers;

namespace CampaignSender.Sandbox.Commands;

/// <summary>Plain lines beside the result, on standard error.</summary>
internal sealed class ConsoleLog : IServerLog
{
    public void Say(string line) => Console.Error.WriteLine(line);
}
