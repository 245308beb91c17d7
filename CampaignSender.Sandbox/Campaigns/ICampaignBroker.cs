namespace CampaignSender.Sandbox.Campaigns;

/// <summary>What evo-flow's packer and REST API publish, and what an operator sees of the queues or topics.</summary>
internal interface ICampaignBroker : IAsyncDisposable
{
    /// <summary>Publishes any bytes, with the headers that evo-flow's producers set.</summary>
    Task Publish(string topic, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>A consumer of the reports on <c>campaigns.tracked</c> from now on, as evo-flow's tracker is one.</summary>
    Task<TrackedReports> ListenToReports(CancellationToken cancellationToken);

    /// <summary>
    /// Pages that wait for a sender. RabbitMQ counts only those that no replica has; Kafka counts what is not committed,
    /// and so those too that are at work.
    /// </summary>
    Task<long> CountWaitingPages(CancellationToken cancellationToken);

    /// <summary>Dead letters, without those that <see cref="TakeDeadLetter"/> took.</summary>
    Task<long> CountDeadLetters(CancellationToken cancellationToken);

    /// <summary>Takes the next dead letter, and waits for one where there is none.</summary>
    Task<BrokerMessage> TakeDeadLetter(CancellationToken cancellationToken);
}
