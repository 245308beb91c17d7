using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Claiming;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Safety;
using CampaignSender.Host.Suppression;
using CampaignSender.Host.Windows;

namespace CampaignSender.Host;

/// <summary>What the contacts of one page are to get, and whether each of them still may at the last moment.</summary>
internal sealed class PageOrders(
    CampaignsSend page,
    Guid inboxId,
    CrmTemplate template,
    PageClaims held,
    PageSuppressions suppressions,
    CampaignGate gate,
    SendingHours hours,
    SafetyWatch safety,
    PageEnd end
)
{
    public DispatchOrder For(ClaimedContact contact) =>
        new()
        {
            CampaignId = page.CampaignId,
            InboxId = inboxId,
            Channel = page.ChannelType,
            Template = template,
            ContactId = contact.ContactId,
            DispatchKey = contact.RowId,
            UncertainFor = contact.UncertainFor,
            Attempts = contact.Attempts,
            ReasonAgainst = token => suppressions.ReasonAgainst(contact.ContactId, token),
            MayDispatch = token => MayDispatch(contact.ContactId, token),
            MayStillBeWritten = permitted => held.Covers(contact.ContactId) && gate.IsFresh(permitted),
        };

    private async ValueTask<bool> MayDispatch(Guid contactId, CancellationToken cancellationToken)
    {
        await safety.Judged.WaitAsync(cancellationToken);
        if (cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        // To ask for the one may last, and what was known of the other be out of date by then.
        while (await gate.Check(page.CampaignId, cancellationToken) is Passage.Open)
        {
            var isOpen = IsWindowOpen(cancellationToken);
            var isKnown = isOpen.IsCompleted;
            if (!await isOpen)
            {
                return false;
            }

            // Nothing but a connection is waited for between this and the request, and for that no longer than this holds.
            if (isKnown)
            {
                return held.Covers(contactId);
            }
        }

        return false;
    }

    private async ValueTask<bool> IsWindowOpen(CancellationToken cancellationToken)
    {
        if (await hours.AreOpen(page.CampaignId, cancellationToken))
        {
            return true;
        }

        // The next contact would fare no better.
        await end.Leave();
        return false;
    }
}
