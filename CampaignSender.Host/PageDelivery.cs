using System.Security.Cryptography;
using CampaignSender.Contracts;

namespace CampaignSender.Host;

/// <summary>One page as the broker delivered it: the message and what is needed to publish it again unchanged.</summary>
internal sealed record PageDelivery
{
    public required CampaignsSend Page { get; init; }

    /// <summary>The original bytes.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Tells pages of one campaign and number apart: a campaign may be packed more than once.</summary>
    public byte[] HashBody() => SHA256.HashData(Body.Span);

    /// <summary>The producer's transport headers, as text.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>How often the page was parked and published again.</summary>
    public required int Redrives { get; init; }
}
