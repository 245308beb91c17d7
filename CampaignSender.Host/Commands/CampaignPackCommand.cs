using System.CommandLine;
using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Database;
using CampaignSender.Host.Packing;
using CampaignSender.Host.Transport;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Commands;

/// <summary>Makes pages of a campaign's contacts: of all that are pending, or of those who failed.</summary>
internal static class CampaignPackCommand
{
    private const int PackersPageSize = 1_000;

    /// <summary>What <see cref="PageLimit"/> may be set to at most.</summary>
    private const int LargestPageSize = 1_000_000;

    private const string PageLimit = "CAMPAIGN_SENDER_MAX_CONTACT_IDS";

    /// <summary>Time for a replica to read a status anew.</summary>
    private static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(1);

    public static Command BuildPack()
    {
        var pack = new Command(
            "pack",
            "Makes pages of all contacts that are pending, as the packer does, and has the replicas publish them. For a "
                + "campaign whose pages are lost; who got a message already gets none."
        );
        var askFirst = new Option<bool>("--ask-first")
        {
            Description =
                "The CRM is asked about each of them whether it has the message already: for a database that has forgotten "
                + "what was sent. One request more for each contact; needs DISPATCH_UNCERTAIN=verify, which it is unless set",
        };
        pack.Add(askFirst);
        AddTo(pack, _ => null, arguments => arguments.GetValue(askFirst), "Nobody is pending: there is nobody to pack");
        return pack;
    }

    public static Command BuildRetry()
    {
        string[] codes = [.. FailureCodes.OfFailed, PackOrder.Unrecorded];
        var reason = new Option<string[]>("--reason")
        {
            Description =
                $"Only those with this failure_code: {string.Join(", ", codes)}; may be given several times. "
                + $"{PackOrder.Unrecorded}: those of the old sender, of whom nobody knows whether they got a message",
            HelpName = "code",
        }.AcceptOnlyFromAmong(codes);
        var retry = new Command(
            "retry-failed",
            "Makes contacts that FAILED pending again and has pages of them published. Where a message may have been "
                + "posted all the same, the CRM is asked first (DISPATCH_UNCERTAIN=verify). Mend the cause first: else they fail again."
        )
        {
            reason,
        };
        // It asks by itself, about those of whom nobody knows.
        AddTo(
            retry,
            arguments => arguments.GetValue(reason) ?? [],
            _ => false,
            "There is nobody to try again: nobody has failed, or not for these reasons"
        );
        return retry;
    }

    /// <summary>What it needs.</summary>
    public static IServiceCollection AddPackCommand(this IServiceCollection services, IConfiguration configuration) =>
        services.AddDatabase().AddCampaignContents().AddPacking().AddBrokerAccess(configuration);

    /// <returns>Null, and why on the standard error: it cannot be packed.</returns>
    public static async Task<PackedCampaign?> Execute(
        IServiceProvider services,
        PackRequest request,
        CancellationToken cancellationToken
    )
    {
        var campaignId = request.CampaignId;
        var limit = services.GetRequiredService<IOptions<TransportOptions>>().Value.MaxContactIds;
        if (request.PageSize > limit)
        {
            await Console.Error.WriteLineAsync(
                $"--page-size: expected at most {limit}, the value of {PageLimit}, got {request.PageSize}: replicas dead-letter larger pages"
            );
            return null;
        }

        var uncertain = services.GetRequiredService<IOptions<DispatchOptions>>().Value.Uncertain;
        if (request.AsksFirst && uncertain is not UncertainPolicy.Verify)
        {
            await Console.Error.WriteLineAsync(
                $"--ask-first: expected DISPATCH_UNCERTAIN=verify, got {uncertain.ToString().ToLowerInvariant()}: replicas do not ask the CRM"
            );
            return null;
        }

        var contents = await services.GetRequiredService<ICampaignContents>().Find(campaignId, cancellationToken);
        if (contents is null)
        {
            await CampaignStatusCommand.Missing(campaignId);
            return null;
        }

        if (FaultOf(contents) is { } fault)
        {
            await Console.Error.WriteLineAsync($"Campaign {campaignId} cannot be packed: expected {fault}");
            return null;
        }

        return await services
            .GetRequiredService<ICampaignPacking>()
            .Pack(
                new PackOrder
                {
                    CampaignId = campaignId,
                    TemplateId = contents.TemplateId!.Value,
                    Channel = contents.Channel!.Value,
                    PageSize = request.PageSize ?? Math.Min(PackersPageSize, limit),
                    FailureCodes = request.FailureCodes,
                    KnownAfter =
                        services.GetRequiredService<IOptions<GateOptions>>().Value.StatusCacheTime + ReadingTime,
                    IsTrial = request.IsTrial,
                    ArePagesLost = request.ArePagesLost,
                    AsksFirst = request.AsksFirst,
                    Sending = request.Sending,
                },
                cancellationToken
            );
    }

    private static void AddTo(
        Command command,
        Func<ParseResult, IReadOnlyList<string>?> failureCodes,
        Func<ParseResult, bool> asksFirst,
        string nobody
    )
    {
        var campaign = CommandText.CampaignArgument();
        var pageSize = NumberOption.Optional(
            "--page-size",
            1,
            LargestPageSize,
            $"Contacts of a page, {PackersPageSize} if not given, and at most {PageLimit}"
        );
        var lost = new Option<bool>("--pages-lost")
        {
            Description =
                "Though evo-flow has not heard of the campaign's last page: those that are missing are lost, none waits any more",
        };
        var sending = new Option<PackedSending?>("--sending")
        {
            Description =
                "Where evo-flow has deleted the contacts and inserted them anew, and none was sent to since. same: that is the "
                + "sending of before, and who was dealt with stays so; next: it is the next one, and everybody gets a message",
            HelpName = "same|next",
        }.AcceptOnlyFromAmong("same", "next");
        var dryRun = CommandText.DryRunOption();
        command.Add(campaign);
        command.Add(pageSize);
        command.Add(lost);
        command.Add(sending);
        command.Add(dryRun);
        command.SetAction(
            (arguments, cancellationToken) =>
                CommandHost.Run(
                    builder => builder.Services.AddPackCommand(builder.Configuration),
                    async services =>
                    {
                        var request = new PackRequest
                        {
                            CampaignId = arguments.GetValue(campaign),
                            PageSize = arguments.GetValue(pageSize),
                            FailureCodes = failureCodes(arguments),
                            ArePagesLost = arguments.GetValue(lost),
                            AsksFirst = asksFirst(arguments),
                            Sending = arguments.GetValue(sending),
                            IsTrial = arguments.GetValue(dryRun),
                        };
                        var packed = await Execute(services, request, cancellationToken);
                        if (packed is not { Refusal: null })
                        {
                            return await Refused(packed);
                        }

                        Answer.Write(packed, () => Describe(packed, request.IsTrial, nobody));
                        return packed.IsReopened
                            ? await CampaignOrderCommand.Tell(
                                services.GetRequiredService<IControlPublisher>(),
                                packed.CampaignId,
                                ControlAction.Resume,
                                cancellationToken
                            )
                            : ExitCodes.Success;
                    }
                )
        );
    }

    private static string? FaultOf(CampaignContents contents) =>
        contents switch
        {
            { TemplateId: null } => "a row of it in campaigns_templates",
            { Channel: null } =>
                $"channel_type to be one of {string.Join(", ", Enum.GetNames<ChannelType>())}, found {contents.ChannelName ?? "none"}",
            { InboxId: null } => "inbox_id to be set",
            _ => null,
        };

    private static async Task<int> Refused(PackedCampaign? packed)
    {
        if (packed?.Refusal is { } refusal)
        {
            await Console.Error.WriteLineAsync(
                $"Campaign {packed.CampaignId} cannot be packed: expected {Expected(refusal)}"
            );
        }

        return ExitCodes.Failure;
    }

    private static string Expected(PackRefusal refusal) =>
        refusal switch
        {
            PackRefusal.Status => "it to be sending, paused or completed",
            PackRefusal.PagesNotCounted =>
                "evo-flow to know how many pages it has, which the report of the last one tells; where the missing ones are lost, "
                    + "give --pages-lost",
            _ =>
                "--sending. evo-flow has deleted its contacts and inserted them anew, and none was sent to since: give "
                    + "--sending same where the packer was only repeated (who was dealt with before stays so), --sending next where "
                    + "the campaign is sent once more (everybody gets a message)",
        };

    /// <param name="nobody">What is said where nobody is to be packed.</param>
    public static string Describe(PackedCampaign packed, bool isTrial, string nobody)
    {
        if (packed.Contacts == 0)
        {
            return nobody;
        }

        var pages =
            $"{CommandText.Count(packed.Contacts, "contact")} in {CommandText.Count(packed.Pages, "page")}, numbered from {packed.FirstPage}";
        return isTrial
            ? $"{pages}: would be packed"
            : $"{pages}: packed, replicas publish them at once, or when the campaign is resumed (correlation id {packed.CorrelationId})";
    }
}
