namespace CampaignSender.Contracts;

/// <summary>Names of the Kafka topics, and of the RabbitMQ topic exchanges and their routing keys.</summary>
public static class Topics
{
    /// <summary>Pages to send: <see cref="CampaignsSend"/>.</summary>
    public const string Send = "campaigns.send";

    /// <summary>Reports of finished pages: <see cref="CampaignsTracked"/>.</summary>
    public const string Tracked = "campaigns.tracked";

    /// <summary>Orders to pause, stop and resume: <see cref="CampaignsControl"/>.</summary>
    public const string Control = "campaigns.control";

    /// <summary>Campaigns to cut into pages: <see cref="CampaignsPack"/>.</summary>
    public const string Pack = "campaigns.pack";

    /// <summary>Dead letters of <see cref="Send"/>; a topic of Kafka only (RabbitMQ: <see cref="Queues.SendDeadLetters"/>).</summary>
    public const string SendDeadLetters = "campaigns.send.dlq";
}
