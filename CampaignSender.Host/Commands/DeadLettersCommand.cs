using System.CommandLine;
using System.Text;
using CampaignSender.Host.Transport;

namespace CampaignSender.Host.Commands;

/// <summary>The messages that could never be sent: to be looked at, published again, or thrown away.</summary>
internal static class DeadLettersCommand
{
    public static Command Build() =>
        new("dlq", "The dead letters: messages that could never be sent.") { List(), Show(), Replay(), Purge() };

    /// <summary>What it needs.</summary>
    public static IServiceCollection AddDeadLetters(this IServiceCollection services, IConfiguration configuration) =>
        services.AddBrokerAccess(configuration).AddSingleton<DeadLetterVisits>();

    private static Command List()
    {
        var selection = new DeadLetterSelectionOptions(
            "Letters to show at most; 100 where it is not given",
            limit: 100
        );
        var list = new Command(
            "list",
            "Lists them, the oldest first, with Kafka those of each partition. Each stays where it is."
        );
        selection.AddTo(list);
        list.SetAction(
            (arguments, cancellationToken) =>
                With(async visits =>
                {
                    var which = selection.Of(arguments);
                    var oneMore = which with { Limit = Answer.OneMoreThan(which.Limit) };
                    Answer.WriteFirst(which.Limit, await visits.Read(oneMore, cancellationToken), WriteTable);
                })
        );
        return list;
    }

    private static Command Show()
    {
        var number = new Argument<int>("number")
        {
            Description = "Its place in `dlq list`, from 1",
            CustomParser = result => NumberOption.Read(result, "number", 1, int.MaxValue) ?? 0,
        };
        var show = new Command("show", "Shows one with its headers and its body.") { number };
        show.SetAction(
            (arguments, cancellationToken) =>
                With(visits => Show(visits, arguments.GetValue(number), cancellationToken))
        );
        return show;
    }

    private static Command Replay()
    {
        var selection = new DeadLetterSelectionOptions("Letters to publish at most, the first of `dlq list`");
        var dryRun = CommandText.DryRunOption();
        var replay = new Command(
            "replay",
            "Publishes them again as they were: body, correlation and the producer's headers; x-replays counts. Who got a "
                + "message already gets none. Mend the cause first: else they come back."
        )
        {
            dryRun,
        };
        selection.AddTo(replay);
        replay.SetAction(
            (arguments, cancellationToken) =>
                With(async visits =>
                {
                    var which = selection.Of(arguments);
                    var isTrial = arguments.GetValue(dryRun);
                    var letters = isTrial
                        ? await visits.Count(which, cancellationToken)
                        : await visits.Replay(which, cancellationToken);
                    Answer.Write(
                        new { letters },
                        () =>
                            $"{CommandText.Count(letters, "dead letter")} {(isTrial ? "would be " : "")}published again"
                    );
                })
        );
        return replay;
    }

    private static Command Purge()
    {
        var selection = new DeadLetterSelectionOptions("Letters to throw away at most, the first of `dlq list`");
        var dryRun = CommandText.DryRunOption();
        var yes = Confirmation.Option();
        var purge = new Command(
            "purge",
            "Throws them away for good. With Kafka they are passed over, and gone when the topic's retention ends."
        )
        {
            dryRun,
            yes,
        };
        selection.AddTo(purge);
        purge.SetAction(
            (arguments, cancellationToken) =>
                With(async visits =>
                {
                    var which = selection.Of(arguments);
                    var isTrial = arguments.GetValue(dryRun);
                    // Whoever has ordered it is not asked, so nothing need be counted ahead.
                    if (isTrial || !arguments.GetValue(yes))
                    {
                        // What comes while the question stands is not what was answered for.
                        which = await visits.OfNow(which, cancellationToken);
                        var count = which.Limit;
                        if (isTrial || count == 0)
                        {
                            Answer.Write(
                                new { letters = count },
                                () => $"{CommandText.Count(count, "dead letter")} would be thrown away"
                            );
                            return ExitCodes.Success;
                        }

                        var question = $"Throw {CommandText.Count(count, "dead letter")} away for good?";
                        if (!await Confirmation.IsGiven(question, cancellationToken))
                        {
                            return ExitCodes.Failure;
                        }
                    }

                    var purged = await visits.Purge(which, cancellationToken);
                    Answer.Write(
                        new { letters = purged },
                        () => $"{CommandText.Count(purged, "dead letter")} thrown away"
                    );
                    return ExitCodes.Success;
                })
        );
        return purge;
    }

    private static async Task<int> Show(DeadLetterVisits visits, int number, CancellationToken cancellationToken)
    {
        var (wanted, seen) = await visits.Find(number, cancellationToken);
        if (wanted is null)
        {
            await Console.Error.WriteLineAsync($"Expected the place of a dead letter: there are {seen}");
            return ExitCodes.Failure;
        }

        Answer.Write(
            new { wanted.Headers, Body = Encoding.UTF8.GetString(wanted.Body) },
            () => CommandText.Printable(Describe(wanted))
        );
        return ExitCodes.Success;
    }

    private static string Describe(DeadLetter letter) =>
        string.Join(
            '\n',
            [
                .. letter
                    .Headers.OrderBy(header => header.Key, StringComparer.Ordinal)
                    .Select(header => $"{header.Key}: {header.Value}"),
                "",
                Encoding.UTF8.GetString(letter.Body),
            ]
        );

    private static void WriteTable(IReadOnlyList<ListedLetter> letters)
    {
        if (letters.Count == 0)
        {
            Console.WriteLine("There are no dead letters");
            return;
        }

        CommandTable.Write(
            ["number", "reason", "campaign", "page", "replays", "bytes"],
            letters.Select(letter =>
                new[]
                {
                    $"{letter.Number}",
                    letter.Reason,
                    $"{letter.CampaignId}",
                    $"{letter.Page}",
                    $"{letter.Replays}",
                    $"{letter.Bytes}",
                }
            )
        );
    }

    private static Task<int> With(Func<DeadLetterVisits, Task> action) =>
        With(async visits =>
        {
            await action(visits);
            return ExitCodes.Success;
        });

    private static Task<int> With(Func<DeadLetterVisits, Task<int>> action) =>
        CommandHost.Run(
            builder => builder.Services.AddDeadLetters(builder.Configuration),
            services => action(services.GetRequiredService<DeadLetterVisits>())
        );
}
