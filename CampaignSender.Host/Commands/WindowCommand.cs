using System.CommandLine;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Database;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Windows;

namespace CampaignSender.Host.Commands;

/// <summary>When contacts may be written to, for one campaign or for all.</summary>
internal static class WindowCommand
{
    public static Command Build() =>
        new(
            "window",
            "When contacts may be written to. Running replicas follow within 5 s; outside of it pages are parked."
        )
        {
            Show(),
            Set(),
            Clear(),
        };

    private static Command Show()
    {
        var campaign = CommandText.CampaignOption("window");
        var show = new Command("show", "Shows the window that holds, and whether it is open.") { campaign };
        show.SetAction(
            (arguments, cancellationToken) =>
                With(async services =>
                {
                    var campaignId = arguments.GetValue(campaign);
                    return await CampaignStatusCommand.IsMissing(services, campaignId, cancellationToken)
                        ? ExitCodes.Failure
                        : await Describe(services, campaignId, cancellationToken);
                })
        );
        return show;
    }

    private static Command Set()
    {
        var campaign = CommandText.CampaignOption("window");
        var zone = new Option<string>("--zone")
        {
            Description = "The time zone of the hours and holidays, such as America/Sao_Paulo",
            Required = true,
        };
        var hours = new Option<string[]>("--hours")
        {
            Description = "Open then, such as \"mon-fri 09:00-20:00\"; may be given several times",
            Required = true,
        };
        var holidays = new Option<string[]>("--holiday")
        {
            Description = "Closed on this day, such as 2026-12-25; may be given several times",
            DefaultValueFactory = _ => [],
        };
        var set = new Command("set", "Sets the window as a whole, in place of the one before.")
        {
            campaign,
            zone,
            hours,
            holidays,
        };
        set.Validators.Add(result =>
        {
            if (
                result.GetValue(zone) is { } zoneId
                && result.GetValue(hours) is { } open
                && FaultOf(Setting(zoneId, open, result.GetValue(holidays))) is { } fault
            )
            {
                result.AddError($"window set: {fault}");
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

                    var setting = Setting(
                        arguments.GetValue(zone)!,
                        arguments.GetValue(hours)!,
                        arguments.GetValue(holidays)
                    );
                    await Windows(services).Set(campaignId, setting, cancellationToken);
                    await Hasten(services, campaignId, cancellationToken);
                    return await Describe(services, campaignId, cancellationToken);
                })
        );
        return set;
    }

    private static Command Clear()
    {
        var campaign = CommandText.CampaignOption("window");
        var clear = new Command("clear", "Takes a window away that was set here: the next more general one holds.")
        {
            campaign,
        };
        clear.SetAction(
            (arguments, cancellationToken) =>
                With(async services =>
                {
                    var campaignId = arguments.GetValue(campaign);
                    if (!await Windows(services).Clear(campaignId, cancellationToken))
                    {
                        await Console.Error.WriteLineAsync("No window was set there");
                        return ExitCodes.Failure;
                    }

                    await Hasten(services, campaignId, cancellationToken);
                    return await Describe(services, campaignId, cancellationToken);
                })
        );
        return clear;
    }

    private static WindowSetting Setting(string zone, string[] hours, string[]? holidays) =>
        new()
        {
            Zone = zone,
            Hours = hours,
            Holidays = holidays ?? [],
        };

    private static string? FaultOf(WindowSetting setting)
    {
        try
        {
            return SendingWindow.From(setting).NextOpening(TimeProvider.System.GetUtcNow()) is null
                ? "expected a window that opens within a year"
                : null;
        }
        catch (InvalidDataException exception)
        {
            return exception.Message;
        }
    }

    private static Task<int> With(Func<IServiceProvider, Task<int>> action) =>
        CommandHost.Run(
            builder => builder.Services.AddDatabase().AddCampaignContents().AddWindows().AddParkedPages(),
            action
        );

    private static ISendingWindows Windows(IServiceProvider services) => services.GetRequiredService<ISendingWindows>();

    private static Task Hasten(IServiceProvider services, Guid? campaignId, CancellationToken cancellationToken) =>
        ParkedPagesNotice.Hasten(
            services.GetRequiredService<IParkedPages>(),
            ParkingReason.WindowClosed,
            campaignId,
            cancellationToken
        );

    private static async Task<int> Describe(
        IServiceProvider services,
        Guid? campaignId,
        CancellationToken cancellationToken
    )
    {
        var setting = await Windows(services).Read(campaignId, cancellationToken);
        Answer.Write(
            setting is null ? null : new { Window = setting, State = StateOf(setting) },
            () =>
                setting is null ? "always open: no window is set" : string.Join(Environment.NewLine, Describe(setting))
        );
        return ExitCodes.Success;
    }

    private static IEnumerable<string> Describe(WindowSetting setting)
    {
        var scope = setting.IsOfCampaign ? "this campaign's own" : "of all campaigns that have none of their own";
        yield return $"{string.Join(" and ", setting.Hours)} in {setting.Zone} ({scope})";
        if (setting.Holidays.Length > 0)
        {
            yield return $"closed on {string.Join(", ", setting.Holidays)}";
        }

        yield return StateOf(setting);
    }

    private static string StateOf(WindowSetting setting)
    {
        if (FaultOf(setting) is { } fault)
        {
            return $"closed, whatever the time: {fault}";
        }

        var now = TimeProvider.System.GetUtcNow();
        var window = SendingWindow.From(setting);
        return window.IsOpen(now)
            ? "open now"
            : $"closed now, opens {window.InZone(window.NextOpening(now)!.Value):yyyy-MM-dd HH:mm zzz}";
    }
}
