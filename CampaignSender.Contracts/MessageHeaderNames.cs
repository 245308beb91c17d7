namespace CampaignSender.Contracts;

/// <summary>Names of the headers that travel beside a message's body.</summary>
public static class MessageHeaderNames
{
    /// <summary>Random, set by the producer. Not the body's correlation id, which is the one to correlate by.</summary>
    public const string CorrelationId = "correlationId";

    /// <summary>Random, set by the producer.</summary>
    public const string MessageId = "messageId";

    /// <summary>On a dead letter: why it is one.</summary>
    public const string DeadLetterReason = "x-dlq-reason";

    /// <summary>On a dead letter: the topic that it was published on.</summary>
    public const string OriginalTopic = "x-original-topic";

    /// <summary>On a dead letter: the number of the delivery that ended it, from 1.</summary>
    public const string DeliveryAttempt = "x-delivery-attempt";

    /// <summary>On a page: how often the sender has published it again after it could not finish.</summary>
    public const string Redrives = "x-redrives";

    /// <summary>On a page: how often an operator has published it again after it was a dead letter.</summary>
    public const string Replays = "x-replays";
}
