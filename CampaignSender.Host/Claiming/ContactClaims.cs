using CampaignSender.Host.Crm;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Claiming;

/// <summary>Surveys pages and opens the claims of a delivery.</summary>
internal sealed class ContactClaims(
    ClaimStore store,
    IOptions<ClaimOptions> options,
    IOptions<DispatchOptions> dispatch,
    TimeProvider time,
    ILogger<PageClaims> logger
)
{
    public int ChunkSize => options.Value.ChunkSize;

    public async Task<PageSurvey> Survey(Guid campaignId, Guid[] contactIds, CancellationToken cancellationToken)
    {
        var survey = await store.Survey(campaignId, contactIds, cancellationToken);
        if (survey.LeftoverRows > 0)
        {
            await store.SkipLeftovers(campaignId, contactIds, cancellationToken);
        }

        // A claim that runs out is not free before what its owner posted last has settled.
        return survey with
        {
            HeldFor = survey.HeldFor + dispatch.Value.SettleTime,
        };
    }

    public PageClaims Open(Guid campaignId) => new(store, options.Value, dispatch.Value, time, logger, campaignId);
}
