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
        // Who has to wait for the status looks at the rest once more, and no more often: else a slow database would let
        // nobody post.
        for (var isFirst = true; ; isFirst = false)
        {
            await safety.Judged.WaitAsync(cancellationToken);
            if (cancellationToken.IsCancellationRequested || !await IsWindowOpen(cancellationToken))
            {
                return false;
            }

            // After the window: to ask for that may last, and a pause that is heard of meanwhile counts.
            var passage = gate.Check(page.CampaignId, cancellationToken);
            var isKnown = passage.IsCompleted;
            if (await passage is not Passage.Open)
            {
                return false;
            }

            if ((isKnown || !isFirst) && safety.Judged.IsCompleted)
            {
                // Nothing but a connection is waited for between this and the request, and for that no longer than this holds.
                return held.Covers(contactId);
            }
        }
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
