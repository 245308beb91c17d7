using System.Text;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Transports;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>A message of Kafka as MassTransit's pipelines see it. Headers that are no UTF-8 are seen with replacements.</summary>
internal sealed class KafkaReceiveContext(
    ConsumeResult<byte[]?, byte[]?> message,
    bool redelivered,
    ReceiveEndpointContext endpoint
) : BaseReceiveContext(redelivered, endpoint), IHeaderProvider
{
    // Of headers with the same key the last one counts.
    private readonly Dictionary<string, object> _headers = message
        .Message.Headers.GroupBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(
            headers => headers.Key,
            object (headers) => Encoding.UTF8.GetString(headers.Last().GetValueBytes() ?? []),
            StringComparer.OrdinalIgnoreCase
        );

    public override MessageBody Body { get; } = new BytesMessageBody(message.Message.Value ?? []);

    protected override IHeaderProvider HeaderProvider => this;

    public IEnumerable<KeyValuePair<string, object>> GetAll() => _headers;

    public bool TryGetHeader(string key, out object value) => _headers.TryGetValue(key, out value!);
}
