namespace CampaignSender.Sandbox.Servers;

/// <summary>Hears what is being done to get a server, one line per step; called from several threads.</summary>
internal interface IServerLog
{
    void Say(string line);
}
