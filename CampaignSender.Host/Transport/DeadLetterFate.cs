namespace CampaignSender.Host.Transport;

/// <summary>What becomes of a dead letter that was looked at.</summary>
internal enum DeadLetterFate
{
    /// <summary>It stays. In Kafka it moves to the end of its topic when one behind it is removed.</summary>
    Keep,

    /// <summary>It stays, and no further one is shown.</summary>
    KeepTheRest,

    /// <summary>It is gone. In Kafka the bytes stay on the topic, passed over, until its retention ends.</summary>
    Remove,
}
