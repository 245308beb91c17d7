using CampaignSender.Contracts;
using CampaignSender.Host.Crm;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Claiming;

/// <summary>Surveys pages and opens the claims of a delivery.</summary>
internal sealed partial class ContactClaims(
    ClaimStore store,
    IOptions<ClaimOptions> options,
    IOptions<DispatchOptions> dispatch,
    TimeProvider time,
    ILogger<PageClaims> logger
)
{
    public int ChunkSize => options.Value.ChunkSize;

    /// <summary>Where the page's contacts stand, after what they had become before a second packing is given back.</summary>
    public async Task<PageSurvey> Survey(CampaignsSend page, Guid[] contactIds, CancellationToken cancellationToken)
    {
        var survey = await store.Survey(page.CampaignId, page.CorrelationId, contactIds, cancellationToken);
        if (survey is { HasFormer: true, IsFinished: false })
        {
            var restored = await store.Restore(page.CampaignId, page.CorrelationId, survey.Pending, cancellationToken);
            if (restored > 0)
            {
                LogRestored(logger, restored, page.Page, page.CampaignId);
            }

            // Another delivery may have given them back meanwhile.
            survey = await store.Survey(page.CampaignId, page.CorrelationId, contactIds, cancellationToken);
        }

        if (survey.LeftoverRows > 0)
        {
            await store.SkipLeftovers(page.CampaignId, contactIds, cancellationToken);
        }

        // A claim that runs out is not free before what its owner posted last has settled.
        return survey with
        {
            HeldFor = survey.HeldFor + dispatch.Value.SettleTime,
        };
    }

    public PageClaims Open(CampaignsSend page) => new(store, options.Value, dispatch.Value, time, logger, page);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} contacts of page {Page} were dealt with before campaign {CampaignId} was packed again: they stay so"
    )]
    private static partial void LogRestored(ILogger logger, int count, int page, Guid campaignId);
}
