using CampaignSender.Contracts;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>A queue of its own for each replica, gone with it, so that every replica hears every control message.</summary>
internal static class ControlQueue
{
    public static string NameOfThisReplica() =>
        $"campaign-sender-{Topics.Control}-{Environment.MachineName}-{Guid.NewGuid():N}";
}
