using CampaignSender.Host.Validation;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Attempts;

/// <summary>
/// Finds the page that ends whoever works on it: an attempt is noted before the work and crossed out when that ends, well or
/// not, so that what is left are crashes, over all replicas and restarts. Pages that were in work side by side share the
/// blame, by how many were in work when each began: the first bears it whole.
/// </summary>
internal sealed partial class PageAttempts(
    PageAttemptStore store,
    IOptions<AttemptOptions> options,
    ILogger<PageAttempts> logger
)
{
    /// <summary>So long after an attempt began, another delivery of the page does not tell that it crashed.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(30);

    // Thirds do not add up to one.
    private const double Rounding = 1e-6;

    private int _inWork;

    /// <exception cref="PermanentFaultException">It was attempted too often.</exception>
    public async Task<PageAttempt> Begin(PageDelivery delivery, int pending, CancellationToken cancellationToken)
    {
        var page = delivery.Page;
        var bodyHash = delivery.HashBody();
        var attempt = new PageAttempt(page.CampaignId, page.Page, bodyHash, () => Interlocked.Decrement(ref _inWork));
        var share = 1.0 / Interlocked.Increment(ref _inWork);
        try
        {
            var count = await store.Begin(
                page.CampaignId,
                page.Page,
                bodyHash,
                pending,
                share,
                Spacing,
                cancellationToken
            );
            if (count.Blame < options.Value.DeliveryLimit - Rounding)
            {
                return attempt;
            }

            // A replay by an operator starts anew.
            await End(attempt);
            throw new PermanentFaultException(
                PermanentFaultReasons.DeliveryLimit,
                $"Page {page.Page} of campaign {page.CampaignId} was begun {count.Number - 1} times and never came to an end"
            )
            {
                Attempts = count.Number - 1,
            };
        }
        catch
        {
            attempt.Dispose();
            throw;
        }
    }

    /// <summary>It came to an end. Where the database cannot be told, the next attempt counts one too many.</summary>
    public async Task End(PageAttempt attempt)
    {
        try
        {
            await store.End(attempt.CampaignId, attempt.Page, attempt.BodyHash, CancellationToken.None);
        }
        catch (Exception exception) when (FaultClassifier.Classify(exception) is FaultKind.Infrastructure)
        {
            LogNotEnded(logger, FaultLog.CauseOf(exception));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of an attempt could not be noted: {Reason}")]
    private static partial void LogNotEnded(ILogger logger, string reason);
}
