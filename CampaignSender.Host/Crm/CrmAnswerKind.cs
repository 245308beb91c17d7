namespace CampaignSender.Host.Crm;

/// <summary>What one request to the CRM has come to.</summary>
internal enum CrmAnswerKind
{
    Ok,

    NotFound,

    /// <summary>The CRM refuses this request and always will.</summary>
    Rejected,

    /// <summary>401, 403: our credentials are wrong, whoever the contact is.</summary>
    Unauthorized,

    /// <summary>Certainly not carried out; worth another try.</summary>
    Retryable,

    /// <summary>The request was not made: the campaign, the claim or the service no longer allows it.</summary>
    NotMade,

    /// <summary>The request was written and nobody knows whether it was carried out.</summary>
    Uncertain,
}
