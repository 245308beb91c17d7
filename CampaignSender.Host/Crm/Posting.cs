namespace CampaignSender.Host.Crm;

/// <summary>The state of one contact's dispatch over its attempts.</summary>
internal sealed class Posting(DispatchOrder order, CancellationToken abandon)
{
    public DispatchOrder Order { get; } = order;
    public CancellationToken Abandon { get; } = abandon;
    public CrmContact? Contact { get; set; }

    /// <summary>A message may have been posted: by an earlier owner, or by a request of ours without a clear answer.</summary>
    public bool IsUncertain { get; private set; } = order.MustVerify;

    /// <summary>When our last request was written; null where an earlier owner's is in question, whose time is over.</summary>
    public long? Started { get; private set; }

    public void BecomesUncertain(long started)
    {
        IsUncertain = true;
        Started = started;
    }

    public void BecomesCertain() => IsUncertain = false;

    public DispatchResult Withheld() =>
        IsUncertain ? new DispatchResult.Unverified() : new DispatchResult.Withheld(WithheldReason.NotAllowed);
}
