using CampaignSender.Contracts;

namespace CampaignSender.Host.Transport;

/// <summary>The headers of what this service has to say itself; a page that is published again keeps its own.</summary>
internal static class ProducedHeaders
{
    public static Dictionary<string, string> Of(Guid correlationId) =>
        new()
        {
            [MessageHeaderNames.CorrelationId] = correlationId.ToString(),
            [MessageHeaderNames.MessageId] = Guid.NewGuid().ToString(),
        };
}
