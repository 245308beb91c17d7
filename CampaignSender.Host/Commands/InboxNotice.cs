using CampaignSender.Host.Campaigns;

namespace CampaignSender.Host.Commands;

/// <summary>Any id can be given a limit: one that was mistyped would be limited in vain.</summary>
internal static class InboxNotice
{
    public static async Task Write(ICampaignContents campaigns, Guid inboxId, CancellationToken cancellationToken)
    {
        if (!await campaigns.UseInbox(inboxId, cancellationToken))
        {
            await Console.Error.WriteLineAsync(
                $"No campaign uses the inbox {inboxId}: see whether that is its id in the CRM"
            );
        }
    }
}
