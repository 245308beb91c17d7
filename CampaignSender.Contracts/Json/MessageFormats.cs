namespace CampaignSender.Contracts.Json;

/// <summary>Finds the format of a message type.</summary>
internal static class MessageFormats
{
    private static readonly Dictionary<Type, object> ByType = new()
    {
        [typeof(CampaignsSend)] = new CampaignsSendFormat(),
        [typeof(CampaignsTracked)] = new CampaignsTrackedFormat(),
        [typeof(CampaignsControl)] = new CampaignsControlFormat(),
        [typeof(CampaignsPack)] = new CampaignsPackFormat(),
    };

    public static MessageFormat<T> Of<T>()
        where T : class =>
        ByType.TryGetValue(typeof(T), out var format)
            ? (MessageFormat<T>)format
            : throw new NotSupportedException($"{typeof(T)} is not a campaign message.");
}
