using System.Globalization;
using CampaignSender.Contracts;

namespace CampaignSender.Host.Transport;

/// <summary>A message that could never be sent.</summary>
internal sealed record DeadLetter
{
    /// <summary>Of a letter that names none.</summary>
    public const string UnknownReason = "unknown";

    /// <summary>Of all that the sender before has left: it knew no other.</summary>
    public const string ReasonOfTheSenderBefore = "delivery-limit-exceeded";

    private static readonly MessageLimits AnySize = new() { MaxContactIds = int.MaxValue };

    /// <summary>Where it is now, while it is not moved; null: in a queue, which keeps its order.</summary>
    public string? Place { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>All of them, as texts.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public string Reason => Headers.GetValueOrDefault(MessageHeaderNames.DeadLetterReason, UnknownReason);

    /// <summary>How often an operator has replayed it, and it came back.</summary>
    public int Replays =>
        int.TryParse(Headers.GetValueOrDefault(MessageHeaderNames.Replays), CultureInfo.InvariantCulture, out var times)
            ? times
            : 0;

    /// <summary>Null: its body is none.</summary>
    public CampaignsSend? Page
    {
        get
        {
            try
            {
                return MessageParser.Parse<CampaignsSend>(Body, AnySize);
            }
            catch (InvalidMessageException)
            {
                return null;
            }
        }
    }

    /// <summary>The producer's headers, and the count of replays with this one.</summary>
    public IReadOnlyDictionary<string, string> HeadersOfReplay()
    {
        var headers = DeliveryReader.ProducersHeaders(
            Headers.Select(each => KeyValuePair.Create(each.Key, (object)each.Value))
        );
        headers[MessageHeaderNames.Replays] = (Replays + 1).ToString(CultureInfo.InvariantCulture);
        return headers;
    }
}
