using System.Net.Http.Headers;

namespace CampaignSender.Host.Crm;

/// <summary>One request of the CRM, and how a success is read.</summary>
internal sealed record CrmRequest
{
    private static readonly MediaTypeHeaderValue _json = new("application/json");

    /// <summary>As the metrics name it.</summary>
    public required string Kind { get; init; }

    public required Uri Address { get; init; }

    /// <summary>What is posted; null: nothing is, the request asks.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>An older CRM does not know the address, and says so with a page of HTML: that is a 404 like any other.</summary>
    public bool IsOfNewerCrm { get; init; }

    public required Func<HttpResponseMessage, Stream, CancellationToken, Task<CrmAnswer>> Read { get; init; }

    public HttpRequestMessage ToMessage() =>
        Body is { } body
            ? new HttpRequestMessage(HttpMethod.Post, Address)
            {
                Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = _json } },
            }
            : new HttpRequestMessage(HttpMethod.Get, Address);
}
