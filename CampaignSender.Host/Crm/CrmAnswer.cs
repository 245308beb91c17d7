namespace CampaignSender.Host.Crm;

/// <summary>The classified answer to one request.</summary>
internal sealed record CrmAnswer
{
    public static CrmAnswer Held { get; } =
        new() { Kind = CrmAnswerKind.Held, Summary = "the CRM wants no requests for a while" };

    public required CrmAnswerKind Kind { get; init; }

    /// <summary>The error category; null where all is well.</summary>
    public string? Category { get; init; }

    /// <summary>Status and error code, without anything that the CRM quotes from the request: fit for logs.</summary>
    public string? Summary { get; init; }

    /// <summary>Why the CRM could not be asked, as the network tells it.</summary>
    public string? Fault { get; init; }

    /// <summary>What the CRM said besides: may quote personal data, so it goes to the database alone.</summary>
    public string? Details { get; init; }

    /// <summary>It is the contact's address in the inbox that the CRM refuses.</summary>
    public bool IsOfAddress { get; init; }

    /// <summary>How long the CRM asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The contact, where one was asked for.</summary>
    public CrmContact? Contact { get; init; }

    /// <summary>The template, where one was asked for and found.</summary>
    public CrmTemplate? Template { get; init; }

    /// <summary>What the thread says, where one was asked for; null where the body shows none.</summary>
    public ThreadReading? Thread { get; init; }

    public bool IsOk => Kind is CrmAnswerKind.Ok;

    /// <summary>The CRM itself has answered, whatever it was.</summary>
    public bool IsAnswered =>
        Kind
            is CrmAnswerKind.Ok
                or CrmAnswerKind.NotFound
                or CrmAnswerKind.Rejected
                or CrmAnswerKind.Unauthorized
                or CrmAnswerKind.Doubtful;
}
