using System.CommandLine;
using System.Text;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Transport;

namespace CampaignSender.Host.Commands;

/// <summary>The messages that could never be sent: to be looked at, published again, or thrown away.</summary>
internal static class DeadLettersCommand
{
    public static Command Build() =>
        new("dlq", "The dead letters: messages that could never be sent.") { List(), Show(), Replay(), Purge() };

    /// <summary>What it needs.</summary>
    public static IServiceCollection AddDeadLetters(this IServiceCollection services, IConfiguration configuration) =>
        services.AddBrokerAccess(configuration);

    /// <summary>The letters that fit, each with its place from 1 among all.</summary>
    public static async Task<IReadOnlyList<ListedLetter>> Read(
        IServiceProvider services,
        DeadLetterSelection which,
        CancellationToken cancellationToken
    )
    {
        var listed = new List<ListedLetter>();
        await Visit(
            services,
            which,
            (letter, number) =>
            {
                listed.Add(ListedLetter.Of(letter, number));
                return Task.FromResult(DeadLetterFate.Keep);
            },
            cancellationToken
        );
        return listed;
    }

    /// <summary>Publishes them on the topic that they came from, and removes each when the broker has confirmed it.</summary>
    public static Task<int> Replay(
        IServiceProvider services,
        DeadLetterSelection which,
        CancellationToken cancellationToken
    )
    {
        var publisher = services.GetRequiredService<IPagePublisher>();
        return Visit(
            services,
            which,
            async (letter, _) =>
            {
                await publisher.Publish(letter.Body, letter.HeadersOfReplay(), cancellationToken);
                return DeadLetterFate.Remove;
            },
            cancellationToken
        );
    }

    public static Task<int> Purge(
        IServiceProvider services,
        DeadLetterSelection which,
        CancellationToken cancellationToken
    ) => Visit(services, which, (_, _) => Task.FromResult(DeadLetterFate.Remove), cancellationToken);

    private static Command List()
    {
        var selection = new DeadLetterSelectionOptions(
            "Letters to show at most; 100 where it is not given",
            limit: 100
        );
        var list = new Command("list", "Lists them, the oldest first. Each stays where it is.");
        selection.AddTo(list);
        list.SetAction(
            (arguments, cancellationToken) =>
                With(async services =>
                {
                    var letters = await Read(services, selection.Of(arguments), cancellationToken);
                    Answer.Write(letters, () => WriteTable(letters));
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
                With(services => Show(services, arguments.GetValue(number), cancellationToken))
        );
        return show;
    }

    private static Command Replay()
    {
        var selection = new DeadLetterSelectionOptions("Letters to publish at most, the oldest");
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
                With(async services =>
                {
                    var which = selection.Of(arguments);
                    var isTrial = arguments.GetValue(dryRun);
                    var letters = isTrial
                        ? await Count(services, which, cancellationToken)
                        : await Replay(services, which, cancellationToken);
                    Answer.Write(
                        new { letters },
                        () =>
                            CommandText.Of(
                                $"{letters:N0} dead letters {(isTrial ? "would be" : "are")} published again"
                            )
                    );
                })
        );
        return replay;
    }

    private static Command Purge()
    {
        var selection = new DeadLetterSelectionOptions("Letters to throw away at most, the oldest");
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
                With(async services =>
                {
                    var which = selection.Of(arguments);
                    var isTrial = arguments.GetValue(dryRun);
                    // Whoever has ordered it is not asked, so nothing need be counted ahead.
                    if (isTrial || !arguments.GetValue(yes))
                    {
                        var count = await Count(services, which, cancellationToken);
                        if (isTrial || count == 0)
                        {
                            Answer.Write(
                                new { letters = count },
                                () => CommandText.Of($"{count:N0} dead letters would be thrown away")
                            );
                            return ExitCodes.Success;
                        }

                        var question = CommandText.Of($"Throw {count:N0} dead letters away for good?");
                        if (!await Confirmation.IsGiven(question))
                        {
                            return ExitCodes.Failure;
                        }
                    }

                    var purged = await Purge(services, which, cancellationToken);
                    Answer.Write(
                        new { letters = purged },
                        () => CommandText.Of($"{purged:N0} dead letters are thrown away")
                    );
                    return ExitCodes.Success;
                })
        );
        return purge;
    }

    private static async Task<int> Show(IServiceProvider services, int number, CancellationToken cancellationToken)
    {
        DeadLetter? wanted = null;
        var seen = await Visit(
            services,
            new DeadLetterSelection { Limit = number },
            (letter, place) =>
            {
                wanted = place == number ? letter : null;
                return Task.FromResult(DeadLetterFate.Keep);
            },
            cancellationToken
        );
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

    private static Task<int> Count(
        IServiceProvider services,
        DeadLetterSelection which,
        CancellationToken cancellationToken
    ) => Visit(services, which, (_, _) => Task.FromResult(DeadLetterFate.Keep), cancellationToken);

    /// <returns>How many fitted.</returns>
    private static async Task<int> Visit(
        IServiceProvider services,
        DeadLetterSelection which,
        Func<DeadLetter, int, Task<DeadLetterFate>> decide,
        CancellationToken cancellationToken
    )
    {
        var number = 0;
        var fitting = 0;
        await services
            .GetRequiredService<IDeadLetters>()
            .Visit(
                (letter, _) =>
                {
                    number++;
                    if (fitting == which.Limit)
                    {
                        return Task.FromResult(DeadLetterFate.KeepTheRest);
                    }

                    if (!which.Fits(letter))
                    {
                        return Task.FromResult(DeadLetterFate.Keep);
                    }

                    fitting++;
                    return decide(letter, number);
                },
                cancellationToken
            );
        return fitting;
    }

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

    private static Task<int> With(Func<IServiceProvider, Task> action) =>
        With(async services =>
        {
            await action(services);
            return ExitCodes.Success;
        });

    private static Task<int> With(Func<IServiceProvider, Task<int>> action) =>
        CommandHost.Run(builder => builder.Services.AddDeadLetters(builder.Configuration), action);
}
