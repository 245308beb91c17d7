using System.Text;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Logging;
using MassTransit.Transports;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// A message of Kafka as MassTransit's pipelines see it. Headers that are no UTF-8 are seen with replacements, and the
/// trace that the producer belongs to under the name that MassTransit looks for.
/// </summary>
internal sealed class KafkaReceiveContext(
    ConsumeResult<byte[]?, byte[]?> message,
    bool redelivered,
    ReceiveEndpointContext endpoint
) : BaseReceiveContext(redelivered, endpoint), IHeaderProvider
{
    /// <summary>Of W3C's Trace Context: https://www.w3.org/TR/trace-context/</summary>
    private const string TraceParent = "traceparent";

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

    public bool TryGetHeader(string key, out object value) =>
        _headers.TryGetValue(key, out value!)
        || (key == DiagnosticHeaders.ActivityId && _headers.TryGetValue(TraceParent, out value!));
}
