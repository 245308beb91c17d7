using System.Net.Mime;
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

    private readonly Dictionary<string, string> _headers = KafkaHeaders.Texts(message.Message.Headers);

    public override MessageBody Body { get; } = new BytesMessageBody(message.Message.Value ?? []);

    protected override IHeaderProvider HeaderProvider => this;

    /// <summary>Whatever its header says: a page is read as the one thing that it can be.</summary>
    protected override ContentType? GetContentType() => null;

    public IEnumerable<KeyValuePair<string, object>> GetAll() =>
        _headers.Select(header => KeyValuePair.Create(header.Key, (object)header.Value));

    public bool TryGetHeader(string key, out object value)
    {
        var isFound =
            _headers.TryGetValue(key, out var text)
            || (key == DiagnosticHeaders.ActivityId && _headers.TryGetValue(TraceParent, out text));
        value = text!;
        return isFound;
    }
}
