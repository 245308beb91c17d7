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

    /// <summary>The error category of a 404.</summary>
    public string NotFound { get; init; } = FailureCodes.Dispatch4xx;

    /// <summary>Asked when the connection stands, right before anything is written.</summary>
    public Func<bool>? MayBeWritten { get; init; }

    /// <summary>Not every version of the CRM knows the address; others say so with a page of HTML.</summary>
    public bool IsOfSomeVersions { get; init; }

    /// <summary>Reads a success as it arrives.</summary>
    public Func<Stream, CancellationToken, Task<CrmAnswer>>? ReadStream { get; init; }

    /// <summary>Reads it as a whole, where it is not read as it arrives.</summary>
    public Func<ReadOnlyMemory<byte>, CrmAnswer>? ReadBody { get; init; }

    /// <summary>Bytes of an answer that are read; a longer one is cut off, so that no answer can exhaust the memory.</summary>
    public int MostBytes { get; init; } = 4 * 1024 * 1024;

    public HttpRequestMessage ToMessage() =>
        Body is { } body
            ? new HttpRequestMessage(HttpMethod.Post, Address)
            {
                Content = new LastMomentContent(body, MayBeWritten) { Headers = { ContentType = _json } },
            }
            : new HttpRequestMessage(HttpMethod.Get, Address);
}
