using System.CommandLine;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Database;
using CampaignSender.Host.Pacing;

namespace CampaignSender.Host.Commands;

internal static class InboxLimitCommand
{
    private const int Most = 1_000_000;

    public static Command Build()
    {
        var inbox = IdOption.Argument("inbox-id", "The inbox's id in the CRM");
        var rate = NumberOption.Optional("--rate", 0, Most, "Messages a second, over all replicas; 0: no limit");
        var capacity = NumberOption.Optional("--capacity", 1, Most, "Messages that it may send at once after a rest");
        var standard = new Option<bool>("--default")
        {
            Description = "Take its own limit away: RATE_LIMITER_REFILL_RATE and RATE_LIMITER_CAPACITY hold again",
        };
        var limit = new Command(
            "limit",
            "Shows how fast an inbox may send, or sets it. Running replicas follow within 5 s."
        )
        {
            inbox,
            rate,
            capacity,
            standard,
        };
        limit.Validators.Add(result =>
        {
            if (result.GetValue(standard) && (result.GetResult(rate) ?? result.GetResult(capacity)) is not null)
            {
                result.AddError("--default: expected without --rate and --capacity");
            }
        });
        limit.SetAction(
            (arguments, cancellationToken) =>
                Execute(
                    arguments.GetValue(inbox),
                    arguments.GetValue(rate),
                    arguments.GetValue(capacity),
                    arguments.GetValue(standard),
                    cancellationToken
                )
        );
        return limit;
    }

    private static Task<int> Execute(
        Guid inboxId,
        int? rate,
        int? capacity,
        bool isStandard,
        CancellationToken cancellationToken
    ) =>
        CommandHost.Run(
            builder => builder.Services.AddDatabase().AddCampaignContents().AddInboxLimits(),
            async services =>
            {
                var limits = services.GetRequiredService<IInboxLimits>();
                if (isStandard)
                {
                    await limits.Set(inboxId, capacity: null, refillRate: null, cancellationToken);
                }
                else if ((rate ?? capacity) is not null)
                {
                    var now = await limits.Read(inboxId, cancellationToken);
                    await limits.Set(inboxId, capacity ?? now.Capacity, rate ?? now.RefillRate, cancellationToken);
                }

                var limit = await limits.Read(inboxId, cancellationToken);
                Answer.Write(limit, () => Describe(limit));
                await InboxNotice.Write(services.GetRequiredService<ICampaignContents>(), inboxId, cancellationToken);
                return ExitCodes.Success;
            }
        );

    private static string Describe(InboxLimit limit) =>
        limit.RefillRate == 0
            ? "no limit"
            : $"{limit.RefillRate:N0} messages a second, {limit.Capacity:N0} at once after a rest";
}
