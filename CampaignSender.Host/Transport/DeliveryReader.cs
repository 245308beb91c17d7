using System.Globalization;
using CampaignSender.Contracts;
using MassTransit;

namespace CampaignSender.Host.Transport;

/// <summary>Takes from a received message what a later publication of the same page needs.</summary>
internal static class DeliveryReader
{
    private static readonly HashSet<string> Ours = new(StringComparer.OrdinalIgnoreCase)
    {
        MessageHeaderNames.Redrives,
        MessageHeaderNames.DeadLetterReason,
        MessageHeaderNames.OriginalTopic,
        MessageHeaderNames.DeliveryAttempt,
    };

    public static PageDelivery Read(ConsumeContext<CampaignsSend> context)
    {
        var headers = context.ReceiveContext.TransportHeaders.GetAll().ToList();
        return new PageDelivery
        {
            Page = context.Message,
            Body = context.ReceiveContext.Body.GetBytes(),
            Headers = ProducersHeaders(headers),
            Redrives = Redrives(headers),
        };
    }

    /// <summary>
    /// Only texts: what producers set. Numbers, dates and tables in headers are the broker's or MassTransit's own. MassTransit shows
    /// properties of AMQP ahead of the headers, under names of its own: a header is written as its producer has.
    /// </summary>
    public static Dictionary<string, string> ProducersHeaders(IEnumerable<KeyValuePair<string, object>> headers)
    {
        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in headers)
        {
            if (value is string or Guid && !IsOurs(key))
            {
                texts.Remove(key);
                texts[key] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
            }
        }

        return texts;
    }

    private static bool IsOurs(string key) =>
        Ours.Contains(key)
        || key.StartsWith("MT-", StringComparison.OrdinalIgnoreCase)
        || key.StartsWith("RabbitMQ-", StringComparison.OrdinalIgnoreCase)
        // RabbitMQ.Client counts its publications in one.
        || key.StartsWith("x-dotnet-", StringComparison.OrdinalIgnoreCase);

    private static int Redrives(IEnumerable<KeyValuePair<string, object>> headers)
    {
        var value = headers.FirstOrDefault(header => header.Key == MessageHeaderNames.Redrives).Value;
        var text = Convert.ToString(value, CultureInfo.InvariantCulture);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var redrives) ? redrives : 0;
    }
}
