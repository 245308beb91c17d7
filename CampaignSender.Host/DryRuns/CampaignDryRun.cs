using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Suppression;
using CampaignSender.Host.Validation;

namespace CampaignSender.Host.DryRuns;

/// <summary>
/// What sending a campaign would come to: each pending contact goes the way of a message up to the message itself. Nothing
/// is posted, claimed or recorded.
/// </summary>
internal sealed class CampaignDryRun(
    ICampaignContents campaigns,
    TemplateCatalog templates,
    SuppressionCheck suppressions,
    ContactDispatcher dispatcher,
    TimeProvider time
)
{
    private const int ChunkSize = 500;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>For how long a CRM that is in trouble is asked about one contact.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Cancelled, it reports what it has seen so far.</summary>
    /// <param name="progress">Told the contacts seen and those to see, after each few hundred.</param>
    /// <exception cref="PermanentFaultException">No page of this campaign could ever be sent.</exception>
    /// <exception cref="DryRunEndedException">The CRM does not give the template.</exception>
    public async Task<DryRunReport> Run(
        Guid campaignId,
        DryRunScope scope,
        Action<long, long> progress,
        CancellationToken cancellationToken
    )
    {
        var contents =
            await campaigns.Find(campaignId, cancellationToken)
            ?? throw Fault(PermanentFaultReasons.UnknownCampaign, $"Campaign {campaignId} does not exist");
        var order = await OrderOf(campaignId, contents, cancellationToken);
        var pending = (await campaigns.Count(campaignId, cancellationToken)).Pending;
        var tally = new DryRunTally(order.Template, scope.Samples);
        string? endedBy = null;
        try
        {
            await Rehearse(
                order,
                scope,
                tally,
                () => progress(tally.Seen, Math.Min(pending, scope.Contacts)),
                cancellationToken
            );
        }
        catch (DryRunEndedException ended)
        {
            endedBy = ended.Message;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            endedBy = "cancelled";
        }
        catch (Exception exception) when (FaultClassifier.Classify(exception) is FaultKind.Infrastructure)
        {
            endedBy = $"The database fails: {FaultLog.CauseOf(exception)}";
        }

        return new DryRunReport
        {
            CampaignId = campaignId,
            Status = contents.Status,
            Channel = order.Channel,
            Template = order.Template.Name,
            Pending = pending,
            Seen = tally.Seen,
            WouldBeSent = tally.WouldBeSent,
            WouldNotBeSent = tally.Refusals,
            Gaps = tally.Gaps,
            Samples = tally.Samples,
            EndedBy = endedBy,
        };
    }

    private async Task Rehearse(
        DispatchOrder order,
        DryRunScope scope,
        DryRunTally tally,
        Action progress,
        CancellationToken cancellationToken
    )
    {
        var after = Guid.Empty;
        while (scope.Contacts - tally.Seen is > 0 and var left)
        {
            var count = (int)Math.Min(left, ChunkSize);
            var chunk = await campaigns.ReadPending(order.CampaignId, after, count, cancellationToken);
            if (chunk.Count == 0)
            {
                return;
            }

            var suppressed = suppressions.Open(order.Channel, [.. chunk]);
            await Parallel.ForEachAsync(
                chunk,
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = scope.Concurrency,
                    CancellationToken = cancellationToken,
                },
                (contactId, token) =>
                    Rehearse(
                        order with
                        {
                            ContactId = contactId,
                            ReasonAgainst = each => suppressed.ReasonAgainst(contactId, each),
                        },
                        tally,
                        token
                    )
            );
            after = chunk[^1];
            progress();
        }
    }

    private async ValueTask Rehearse(DispatchOrder order, DryRunTally tally, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var (contact, result) = await dispatcher.Rehearse(order, cancellationToken);
            switch (result)
            {
                case null:
                    tally.WouldSend(contact!, order.ContactId);
                    return;
                // A CRM that is away for a moment says nothing about the contact: that is asked about again.
                case DispatchResult.Failed failed
                    when failed.Code is not FailureCodes.DispatchExhaustedRetries
                        || time.GetElapsedTime(started) > Patience:
                    tally.WouldFail(failed);
                    return;
                case DispatchResult.Skipped skipped:
                    tally.WouldSkip(skipped);
                    return;
                case DispatchResult.Withheld { Reason: WithheldReason.Unauthorized }:
                    throw DryRunEndedException.Unauthorized();
                case var _ when time.GetElapsedTime(started) > Patience:
                    throw new DryRunEndedException("The CRM has failed or refused requests for more than a minute");
                default:
                    await Task.Delay(RetryDelay, time, cancellationToken);
                    break;
            }
        }
    }

    /// <summary>What is the same for all contacts.</summary>
    private async Task<DispatchOrder> OrderOf(
        Guid campaignId,
        CampaignContents contents,
        CancellationToken cancellationToken
    )
    {
        var inboxId =
            contents.InboxId ?? throw Fault(PermanentFaultReasons.NoInbox, $"Campaign {campaignId} has no inbox");
        var channel =
            contents.Channel
            ?? throw Fault(
                PermanentFaultReasons.MalformedPayload,
                $"Campaign {campaignId} has the channel '{contents.ChannelName}': expected one of "
                    + string.Join(", ", Enum.GetNames<ChannelType>())
            );
        var templateId =
            contents.TemplateId
            ?? throw Fault(PermanentFaultReasons.UnknownTemplate, $"Campaign {campaignId} has no template");
        var template = await templates.Find(templateId, inboxId, cancellationToken) switch
        {
            TemplateLookup.Found found => found.Template,
            TemplateLookup.Unauthorized => throw DryRunEndedException.Unauthorized(),
            _ => throw new DryRunEndedException("The CRM fails or refuses requests: it does not give the template"),
        };
        return new DispatchOrder
        {
            CampaignId = campaignId,
            InboxId = inboxId,
            Channel = channel,
            Template = template,
            ContactId = Guid.Empty,
            DispatchKey = Guid.Empty,
            UncertainFor = null,
            ReasonAgainst = static _ => ValueTask.FromResult<string?>(null),
            MayDispatch = static _ => ValueTask.FromResult(false),
            MayStillBeWritten = static _ => false,
        };
    }

    private static PermanentFaultException Fault(string reason, string message) => new(reason, message);
}
