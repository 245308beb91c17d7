namespace CampaignSender.Contracts;

/// <summary>Names of the RabbitMQ queues, as the sender before this one declared them.</summary>
public static class Queues
{
    /// <summary>Pages to send, bound to the exchange <see cref="Topics.Send"/>: classic, durable, without arguments.</summary>
    public const string Send = "campaign-sender-campaigns.send";

    /// <summary>Dead letters of <see cref="Send"/>.</summary>
    public const string SendDeadLetters = "campaign-sender-campaigns.send.dlq";
}
