using System.CommandLine;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Database;
using CampaignSender.Host.Safety;

namespace CampaignSender.Host.Commands;

/// <summary>The thresholds of the safety stop, for one campaign or for all.</summary>
internal static class SafetyCommand
{
    private const int Most = 100_000;

    public static Command Build() =>
        new("safety", "When the sender pauses a campaign by itself. Running replicas follow within 5 s.")
        {
            Show(),
            Set(),
            Clear(),
        };

    private static Command Show()
    {
        var campaign = CommandText.CampaignOption("thresholds");
        var show = new Command("show", "Shows the thresholds, and why a campaign was paused last.") { campaign };
        show.SetAction(
            (arguments, cancellationToken) =>
                With(async services =>
                {
                    var campaignId = arguments.GetValue(campaign);
                    return await CampaignStatusCommand.IsMissing(services, campaignId, cancellationToken)
                        ? ExitCodes.Failure
                        : await Describe(Limits(services), campaignId, cancellationToken);
                })
        );
        return show;
    }

    private static Command Set()
    {
        var campaign = CommandText.CampaignOption("thresholds");
        var window = NumberOption.Optional("--window", 1, Most, "How many of the last outcomes are looked at");
        var failures = NumberOption.Optional("--min-failures", 1, Most, "With fewer failures the campaign goes on");
        var share = NumberOption.Optional("--share", 0, 100, "The share of failures to pause at, in percent; 0: never");
        var set = new Command("set", "Sets thresholds; those that are not named stay as they are.")
        {
            campaign,
            window,
            failures,
            share,
        };
        set.Validators.Add(result =>
        {
            if ((result.GetResult(window) ?? result.GetResult(failures) ?? result.GetResult(share)) is null)
            {
                result.AddError("safety set: expected --window, --min-failures or --share");
            }
        });
        set.SetAction(
            (arguments, cancellationToken) =>
                With(async services =>
                {
                    var campaignId = arguments.GetValue(campaign);
                    if (await CampaignStatusCommand.IsMissing(services, campaignId, cancellationToken))
                    {
                        return ExitCodes.Failure;
                    }

                    var limits = Limits(services);
                    var now = await limits.Read(campaignId, cancellationToken);
                    var wanted = new SafetyLimits(
                        arguments.GetValue(window) ?? now.Window,
                        arguments.GetValue(failures) ?? now.MinFailures,
                        arguments.GetValue(share) ?? now.SharePercent
                    );
                    if (!wanted.CanBePassed)
                    {
                        await Console.Error.WriteLineAsync(
                            $"--min-failures: expected at most as many as --window, {wanted.Window:N0}, got {wanted.MinFailures:N0}. "
                                + "More are never seen, and the campaign never paused."
                        );
                        return ExitCodes.Failure;
                    }

                    await limits.Set(campaignId, wanted, cancellationToken);
                    return await Describe(limits, campaignId, cancellationToken);
                })
        );
        return set;
    }

    private static Command Clear()
    {
        var campaign = CommandText.CampaignOption("thresholds");
        var clear = new Command("clear", "Takes thresholds away that were set here: the next more general ones hold.")
        {
            campaign,
        };
        clear.SetAction(
            (arguments, cancellationToken) =>
                With(async services =>
                {
                    var limits = Limits(services);
                    var campaignId = arguments.GetValue(campaign);
                    if (!await limits.Clear(campaignId, cancellationToken))
                    {
                        await Console.Error.WriteLineAsync("No thresholds were set there");
                        return ExitCodes.Failure;
                    }

                    return await Describe(limits, campaignId, cancellationToken);
                })
        );
        return clear;
    }

    private static Task<int> With(Func<IServiceProvider, Task<int>> action) =>
        CommandHost.Run(builder => builder.Services.AddDatabase().AddCampaignContents().AddSafetyLimits(), action);

    private static ISafetyLimits Limits(IServiceProvider services) => services.GetRequiredService<ISafetyLimits>();

    private static async Task<int> Describe(ISafetyLimits limits, Guid? campaignId, CancellationToken cancellationToken)
    {
        var now = await limits.Read(campaignId, cancellationToken);
        var last = campaignId is { } id ? await limits.LastStop(id, cancellationToken) : null;
        Answer.Write(
            new { Limits = now, LastStop = last },
            () =>
                string.Join(
                    Environment.NewLine,
                    [
                        Describe(now),
                        .. last is null
                            ? []
                            : new[] { $"was paused by the sender at {last.StoppedAt:u}: {last.Reason}" },
                    ]
                )
        );
        return ExitCodes.Success;
    }

    private static string Describe(SafetyLimits limits) =>
        limits.SharePercent == 0
            ? "never paused"
            : $"paused when {limits.SharePercent} % of the last {limits.Window:N0} contacts fail, and at least "
                + $"{limits.MinFailures:N0}";
}
