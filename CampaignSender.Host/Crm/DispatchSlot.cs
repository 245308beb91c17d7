namespace CampaignSender.Host.Crm;

/// <summary>
/// The permission to have one request in flight. A contact keeps it from one request to the next, and returns it for as long as
/// it waits for anything but the CRM's answer. Not safe for several threads at once.
/// </summary>
internal sealed class DispatchSlot(PageSlots slots) : IDisposable
{
    private bool _isTaken;

    /// <inheritdoc cref="PageSlots.Page"/>
    public long Page => slots.Page;

    /// <summary>Waits for one, unless it is taken.</summary>
    public async Task Take(CancellationToken cancellationToken)
    {
        if (!_isTaken)
        {
            await slots.Take(cancellationToken);
            _isTaken = true;
        }
    }

    /// <summary>Lets somebody else have it; it may be taken again.</summary>
    public void Return()
    {
        if (_isTaken)
        {
            _isTaken = false;
            slots.Return();
        }
    }

    /// <summary>
    /// Lets somebody else have it for long, and waits. A page of which nobody is left but contacts that
    /// <paramref name="mayLeave"/> may be left itself.
    /// </summary>
    public async Task Rest(TimeSpan duration, bool mayLeave, TimeProvider time, CancellationToken cancellationToken)
    {
        Return();
        if (!mayLeave)
        {
            await Task.Delay(duration, time, cancellationToken);
            return;
        }

        slots.Rest();
        try
        {
            await Task.Delay(duration, time, cancellationToken);
        }
        finally
        {
            slots.GoOn();
        }
    }

    /// <summary>Its contact is done with.</summary>
    public void Dispose()
    {
        Return();
        slots.Close();
    }
}
