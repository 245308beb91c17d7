namespace CampaignSender.Host.Suppression;

/// <summary>The list as an operator changes it. Running replicas follow within 5 s.</summary>
internal interface ISuppressionList
{
    /// <summary>Replaces the entry of the same contact and channel.</summary>
    Task Add(SuppressedContact contact, CancellationToken cancellationToken);

    /// <param name="channel">Null: whatever the list has of the contact.</param>
    /// <returns>How many entries there were.</returns>
    Task<int> Remove(Guid contactId, string? channel, CancellationToken cancellationToken);

    /// <summary>The newest first, those included whose time has passed.</summary>
    /// <param name="contactId">Null: of every contact.</param>
    Task<IReadOnlyList<ListedSuppression>> Read(Guid? contactId, int limit, CancellationToken cancellationToken);

    /// <summary>All of them or none: where the contacts cannot be read to their end, nothing has changed.</summary>
    /// <param name="isTrial">Only tell what would be done.</param>
    Task<SuppressionImport> Import(
        IAsyncEnumerable<SuppressedContact> contacts,
        bool isTrial,
        CancellationToken cancellationToken
    );
}
