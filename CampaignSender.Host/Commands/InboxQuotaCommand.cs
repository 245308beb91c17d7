using System.CommandLine;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Database;
using CampaignSender.Host.Pacing;
using CampaignSender.Host.Parking;

namespace CampaignSender.Host.Commands;

/// <summary>How many messages an inbox may send in a stretch of time, as providers limit it.</summary>
internal static class InboxQuotaCommand
{
    private const int LongestHours = 31 * 24;
    private const int StandardHours = 24;

    public static Command Build()
    {
        var inbox = IdOption.Argument("inbox-id", "The inbox's id in the CRM");
        var messages = NumberOption.Optional("--messages", 1, 100_000_000, "Messages at most, over all replicas");
        var hours = NumberOption.Optional(
            "--hours",
            1,
            LongestHours,
            $"In any stretch of so many hours; {StandardHours} unless it is set already"
        );
        var none = new Option<bool>("--none") { Description = "Take the quota away, and what was counted" };
        var quota = new Command(
            "quota",
            "Shows how many messages an inbox may send in so many hours, or sets it. Running replicas follow within 5 s."
        )
        {
            inbox,
            messages,
            hours,
            none,
        };
        quota.Validators.Add(result =>
        {
            if (result.GetValue(none) && (result.GetResult(messages) ?? result.GetResult(hours)) is not null)
            {
                result.AddError("--none: expected without --messages and --hours");
            }

            if (result.GetResult(hours) is not null && result.GetResult(messages) is null)
            {
                result.AddError("--hours: expected with --messages");
            }
        });
        quota.SetAction(
            (arguments, cancellationToken) =>
                Execute(
                    arguments.GetValue(inbox),
                    arguments.GetValue(messages),
                    arguments.GetValue(hours),
                    arguments.GetValue(none),
                    cancellationToken
                )
        );
        return quota;
    }

    private static Task<int> Execute(
        Guid inboxId,
        int? messages,
        int? hours,
        bool isNone,
        CancellationToken cancellationToken
    ) =>
        CommandHost.Run(
            builder => builder.Services.AddDatabase().AddCampaignContents().AddInboxLimits().AddParkedPages(),
            async services =>
            {
                var quotas = services.GetRequiredService<IInboxQuotas>();
                if (isNone)
                {
                    await quotas.Clear(inboxId, cancellationToken);
                }
                else if (messages is { } most)
                {
                    var window = hours is { } length
                        ? TimeSpan.FromHours(length)
                        : (await quotas.Read(inboxId, cancellationToken))?.Window ?? TimeSpan.FromHours(StandardHours);
                    await quotas.Set(inboxId, most, window, cancellationToken);
                }

                if (isNone || messages is not null)
                {
                    await ParkedPagesNotice.Hasten(
                        services.GetRequiredService<IParkedPages>(),
                        ParkingReason.QuotaUsedUp,
                        campaignId: null,
                        cancellationToken
                    );
                }

                var use = await quotas.Read(inboxId, cancellationToken);
                Answer.Write(use, () => Describe(use));
                await InboxNotice.Write(services.GetRequiredService<ICampaignContents>(), inboxId, cancellationToken);
                return ExitCodes.Success;
            }
        );

    public static string Describe(QuotaUse? use) =>
        use switch
        {
            null => "no quota",
            { IsUsedUp: true } =>
                $"{Describe(use.Messages, use.Window)}, all of them used; the next may go in {FreesIn(use)}",
            _ => $"{Describe(use.Messages, use.Window)}, {use.Used:N0} of them used",
        };

    private static string FreesIn(QuotaUse use) => CommandText.Duration(use.FreesIn ?? TimeSpan.Zero);

    private static string Describe(int messages, TimeSpan window) =>
        $"{messages:N0} messages in {window.TotalHours:0.##} h";
}
