using CampaignSender.Host.Pacing;

namespace CampaignSender.Host.Crm;

/// <summary>The state of one contact's dispatch over its attempts.</summary>
internal sealed class Posting(DispatchOrder order, CrmContact contact, DispatchSlot slot, CancellationToken abandon)
{
    /// <summary>What a message that may have been posted takes of its inbox's quota.</summary>
    private QuotaTicket? _ticket;

    public DispatchOrder Order { get; } = order;
    public CrmContact Contact { get; } = contact;
    public DispatchSlot Slot { get; } = slot;
    public CancellationToken Abandon { get; } = abandon;

    /// <summary>A message may have been posted: by an earlier owner, or by a request of ours without a clear answer.</summary>
    public bool IsUncertain { get; private set; } = order.UncertainFor is not null;

    /// <summary>When our request was written that may still be at work in the CRM; null where none is.</summary>
    public long? AtWorkSince { get; private set; }

    /// <summary>The CRM is done with our request, and whatever it has made of it can be asked for.</summary>
    public bool CanBeAsked { get; private set; }

    /// <summary>What an earlier owner left open was answered: a doubt from then on is of now.</summary>
    public bool WasCertain { get; private set; }

    public void Took(QuotaTicket ticket) => _ticket = ticket;

    public void BecomesUncertain(long started)
    {
        IsUncertain = true;
        AtWorkSince = started;
        CanBeAsked = false;
    }

    public void Ended()
    {
        AtWorkSince = null;
        CanBeAsked = true;
    }

    /// <summary>The CRM was asked and has nothing of it.</summary>
    public void WasNotPosted()
    {
        _ticket?.GiveBack();
        _ticket = null;
        BecomesCertain();
    }

    /// <summary>Certainly not posted so far, or taken for that.</summary>
    public void BecomesCertain()
    {
        IsUncertain = false;
        CanBeAsked = false;
        WasCertain = true;
    }
}
