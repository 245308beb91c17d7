using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace CampaignSender.Sandbox.Crm;

internal sealed record SimulatedCrmOptions
{
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>With its key: it is spoken to by TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>What <c>X-Service-Token</c> must hold.</summary>
    public string Token { get; init; } = "simulated-crm-token";

    /// <summary>The time that every answer takes.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>How many requests it takes; null: as many as come.</summary>
    public RequestLimit? Limit { get; init; }

    /// <summary>Every request of a contact is written down, for looking at one contact's story afterwards.</summary>
    public bool KeepsJournal { get; init; }

    /// <summary>An older CRM: templates only by inbox, and bodies without <c>data</c>.</summary>
    public bool IsOlder { get; init; }

    /// <summary>The newest CRM: templates only by their ids.</summary>
    public bool IsNewest { get; init; }
}
