using CampaignSender.Contracts;

namespace CampaignSender.Host.Packing;

/// <summary>What is packed, and how.</summary>
internal sealed record PackOrder
{
    /// <summary>The code of those whose failure the old sender recorded, without saying why.</summary>
    public const string Unrecorded = "unrecorded";

    public required Guid CampaignId { get; init; }
    public required Guid TemplateId { get; init; }
    public required ChannelType Channel { get; init; }
    public required int PageSize { get; init; }

    /// <summary>
    /// Null: everybody who is pending. Else those who failed, who become pending again: for one of these reasons or, with
    /// none named, for any but <see cref="Unrecorded"/>, of whom nobody knows whether they got a message.
    /// </summary>
    public IReadOnlyList<string>? FailureCodes { get; init; }

    /// <summary>So long after a completed campaign is let go on, every replica knows that it does.</summary>
    public required TimeSpan KnownAfter { get; init; }

    /// <summary>
    /// The campaign may be numbered on though evo-flow does not know yet how many pages it has: those that it has not heard
    /// of are lost.
    /// </summary>
    public bool ArePagesLost { get; init; }

    /// <summary>
    /// Of those who are pending and not claimed the CRM is asked, too, whether they have the message, before it is posted.
    /// </summary>
    public bool AsksFirst { get; init; }

    /// <summary>What the pages belong to where the contacts' rows are new, and none was sent to since. Null: nobody has said.</summary>
    public PackedSending? Sending { get; init; }

    /// <summary>Only count.</summary>
    public bool IsTrial { get; init; }
}
