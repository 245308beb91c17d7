using CampaignSender.Contracts;

namespace CampaignSender.Host.Crm;

/// <summary>One contact that this replica has claimed and may post to.</summary>
internal sealed record DispatchOrder
{
    public required Guid CampaignId { get; init; }
    public required Guid InboxId { get; init; }
    public required ChannelType Channel { get; init; }
    public required CrmTemplate Template { get; init; }
    public required Guid ContactId { get; init; }

    /// <summary>Stable over retries, redeliveries and replicas.</summary>
    public required Guid DispatchKey { get; init; }

    /// <summary>How long ago an owner may have posted it without telling; null where none has.</summary>
    public required TimeSpan? UncertainFor { get; init; }

    /// <summary>How often it was claimed, this time included.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>
    /// Asked before anything is requested, and again before each message: why the contact is to get none, or null. One that
    /// may have been posted is verified all the same.
    /// </summary>
    public required Func<CancellationToken, ValueTask<string?>> ReasonAgainst { get; init; }

    /// <summary>Asked before each request that sends something: does the campaign send at this hour, and is the claim still ours?</summary>
    public required Func<CancellationToken, ValueTask<bool>> MayDispatch { get; init; }

    /// <summary>
    /// Asked when it is about to be written, with the time when it was permitted: is the claim still ours, and the permission
    /// not too old?
    /// </summary>
    public required Func<long, bool> MayStillBeWritten { get; init; }
}
