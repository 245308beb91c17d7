using System.Collections;
using CampaignSender.Contracts;

namespace CampaignSender.Host.Transport;

/// <summary>Puts the payload's correlation id, the campaign and the page on every log line of a page.</summary>
internal sealed class PageLogScope(CampaignsSend page) : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly KeyValuePair<string, object?>[] _values =
    [
        new("correlationId", page.CorrelationId),
        new("campaignId", page.CampaignId),
        new("page", page.Page),
    ];

    public int Count => _values.Length;

    public KeyValuePair<string, object?> this[int index] => _values[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() =>
        $"correlationId:{page.CorrelationId} campaignId:{page.CampaignId} page:{page.Page}";
}
