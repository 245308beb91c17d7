namespace CampaignSender.Sandbox.Crm;

/// <summary>Something that goes wrong with requests. The first rule that applies to a request is used.</summary>
internal sealed record FaultRule
{
    /// <summary>The requests that it applies to; null: all.</summary>
    public CrmRequestKind? Kind { get; init; }

    public Guid? ContactId { get; init; }

    /// <summary>How often it applies; null: always.</summary>
    public int? Times { get; init; }

    /// <summary>The part of the requests that it applies to, 0 to 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>The status to answer with; null: the connection is cut without an answer.</summary>
    public int? Status { get; init; }

    /// <summary>Seconds, for the header of this name; null: without it.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The request is carried out before it goes wrong.</summary>
    public bool IsCarriedOut { get; init; }

    /// <summary>Of the requests that it applies to, the part that is carried out, 0 to 1; null: as <see cref="IsCarriedOut"/> says.</summary>
    public double? ShareCarriedOut { get; init; }

    /// <summary>The status, 201 by default, and the headers are sent and the connection is cut before the body.</summary>
    public bool IsCutAfterHeaders { get; init; }

    /// <summary>Milliseconds to wait first.</summary>
    public int Delay { get; init; }

    /// <summary>The body of the answer; null: an error as the CRM writes them.</summary>
    public string? Body { get; init; }
}
