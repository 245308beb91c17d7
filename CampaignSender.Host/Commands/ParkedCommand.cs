using System.CommandLine;
using CampaignSender.Host.Database;
using CampaignSender.Host.Parking;

namespace CampaignSender.Host.Commands;

/// <summary>The pages that wait for their time, their campaign or a server.</summary>
internal static class ParkedCommand
{
    public static Command Build() =>
        new("parked", "The parked pages: those that could not finish and wait to be published again.")
        {
            List(),
            Redrive(),
            Drop(),
        };

    private static Command List()
    {
        var selection = new ParkedSelectionOptions();
        var limit = NumberOption.WithDefault("--limit", 100, 1, 1_000_000, "Pages to show at most");
        var list = new Command("list", "Lists them; those that are published next come first.") { limit };
        selection.AddTo(list);
        list.SetAction(
            (arguments, cancellationToken) =>
                With(async parked =>
                {
                    var which = selection.Of(arguments);
                    var most = arguments.GetValue(limit);
                    var found = await parked.List(which, Answer.OneMoreThan(most), cancellationToken);
                    long? all = found.Count > most ? await parked.Count(which, cancellationToken) : null;
                    Answer.WriteFirst(most, found, WriteTable, all);
                    return ExitCodes.Success;
                })
        );
        return list;
    }

    private static Command Redrive()
    {
        var selection = new ParkedSelectionOptions();
        var all = AllOption();
        var redrive = new Command(
            "redrive",
            "Has them published now instead of at their time. Those of a campaign that is paused or completed wait all the "
                + "same until it sends; one that was parked for its completed campaign, or is packed anew, is left alone "
                + "unless it is named, or its campaign."
        )
        {
            all,
        };
        selection.AddTo(redrive);
        redrive.Validators.Add(result => selection.Require(result, all));
        redrive.SetAction(
            (arguments, cancellationToken) =>
                With(async parked =>
                {
                    var which = selection.Of(arguments);
                    var all = await parked.Count(which, cancellationToken);
                    var pages = await parked.Redrive(which, cancellationToken);
                    var left = Math.Max(0, all - pages);
                    Answer.Write(new { pages, left }, () => DescribeRedriven(pages, left));
                    return await AreAll(which, pages) ? ExitCodes.Success : ExitCodes.Failure;
                })
        );
        return redrive;
    }

    private static Command Drop()
    {
        var selection = new ParkedSelectionOptions();
        var all = AllOption();
        var yes = Confirmation.Option();
        var drop = new Command(
            "drop",
            "Forgets them. Their contacts stay pending and get no message until `campaign pack` packs them anew."
        )
        {
            all,
            yes,
        };
        selection.AddTo(drop);
        drop.Validators.Add(result => selection.Require(result, all));
        drop.SetAction(
            (arguments, cancellationToken) =>
                With(async parked =>
                {
                    // Those alone are dropped that are counted: others may be parked while the question stands.
                    var which = selection.Of(arguments);
                    var found = await parked.List(which, int.MaxValue, cancellationToken);
                    if (
                        found.Count > 0
                        && !arguments.GetValue(yes)
                        && !await Confirmation.IsGiven(
                            $"Drop {CommandText.Count(found.Count, "parked page")}? Their contacts stay pending.",
                            cancellationToken
                        )
                    )
                    {
                        return ExitCodes.Failure;
                    }

                    // No ids at all would be all pages.
                    var pages =
                        found.Count > 0
                            ? await parked.Drop(
                                new ParkedSelection { Ids = [.. found.Select(page => page.Id)] },
                                cancellationToken
                            )
                            : 0;
                    Answer.Write(new { pages }, () => $"{CommandText.Count(pages, "parked page")} dropped");
                    return await AreAll(which, found.Count) ? ExitCodes.Success : ExitCodes.Failure;
                })
        );
        return drop;
    }

    public static string DescribeRedriven(long pages, long left) =>
        $"{CommandText.Count(pages, "parked page")} due now"
        + (left > 0 ? $"; {left:N0} left alone: name them, or --campaign, to let them go on" : "");

    /// <summary>Whether there was a page of each id that was given, and says so where there was not.</summary>
    public static async Task<bool> AreAll(ParkedSelection which, int found)
    {
        var named = which.Ids.Distinct().Count();
        if (found >= named)
        {
            return true;
        }

        await Console.Error.WriteLineAsync(
            $"There is no such parked page: {named - found:N0} of {CommandText.Count(named, "id")}"
        );
        return false;
    }

    private static Option<bool> AllOption() => new("--all") { Description = "All parked pages" };

    private static void WriteTable(IReadOnlyList<ListedPage> pages)
    {
        if (pages.Count == 0)
        {
            Console.WriteLine("No page is parked");
            return;
        }

        CommandTable.Write(
            ["id", "campaign", "page", "reason", "redrives", "parked at", "not before"],
            pages.Select(page =>
                new[]
                {
                    $"{page.Id}",
                    $"{page.CampaignId}",
                    $"{page.Page}",
                    page.Reason,
                    $"{page.Redrives}",
                    $"{page.ParkedAt:u}",
                    $"{page.RedriveAt:u}",
                }
            )
        );
    }

    private static Task<int> With(Func<IParkedPages, Task<int>> action) =>
        CommandHost.Run(
            builder => builder.Services.AddDatabase().AddParkedPages(),
            services => action(services.GetRequiredService<IParkedPages>())
        );
}
