using System.CommandLine;
using System.CommandLine.Parsing;
using CampaignSender.Host.Database;
using CampaignSender.Host.Suppression;

namespace CampaignSender.Host.Commands;

/// <summary>Who gets no messages, whatever the campaign. Running replicas follow within 5 s.</summary>
internal static class SuppressionCommand
{
    public static Command Build() =>
        new("suppression", "The contacts that get no messages. Running replicas follow a change within 5 s.")
        {
            Add(),
            Remove(),
            List(),
            SuppressionImportCommand.Build(),
        };

    /// <summary>Runs what needs the list.</summary>
    public static Task<int> WithList(Func<ISuppressionList, Task<int>> command) =>
        CommandHost.Run(
            builder => builder.Services.AddDatabase().AddSuppression(),
            services => command(services.GetRequiredService<ISuppressionList>())
        );

    private static Command Add()
    {
        var contact = Contact();
        var channel = Channel("Only in this channel; without it in every one");
        var reason = new Option<string>("--reason")
        {
            Description = "Why, as campaigns_contacts.failure_reason tells it",
            Required = true,
        };
        reason.Validators.Add(result =>
        {
            if (!SuppressionReason.IsValid(result.GetValueOrDefault<string>() ?? ""))
            {
                result.AddError($"--reason: expected {SuppressionReason.Expected}");
            }
        });
        var days = NumberOption.Optional("--days", 1, 36_500, "For so many days; without it and --until for ever");
        var until = new Option<DateTimeOffset?>("--until")
        {
            Description = $"Until then: {SuppressionTime.Expected}",
            CustomParser = Until,
        };
        var add = new Command("add", "Puts a contact on the list, or changes its entry.")
        {
            contact,
            channel,
            reason,
            days,
            until,
        };
        add.Validators.Add(result =>
        {
            if (result.GetResult(days) is not null && result.GetResult(until) is not null)
            {
                result.AddError("--until: expected without --days");
            }
        });
        add.SetAction(
            (arguments, cancellationToken) =>
                WithList(async list =>
                {
                    var entry = new SuppressedContact
                    {
                        ContactId = arguments.GetValue(contact),
                        Channel = arguments.GetValue(channel) ?? SuppressionChannel.Every,
                        Reason = arguments.GetValue(reason)!,
                        ExpiresAt = arguments.GetValue(days) is { } number
                            ? TimeProvider.System.GetUtcNow().AddDays(number)
                            : arguments.GetValue(until),
                    };
                    await list.Add(entry, cancellationToken);
                    return await Show(list, entry.ContactId, cancellationToken);
                })
        );
        return add;
    }

    private static Command Remove()
    {
        var contact = Contact();
        var channel = Channel(
            "Only its entry for this channel (* is the one for every channel); without it all of them"
        );
        var remove = new Command("remove", "Takes a contact from the list.") { contact, channel };
        remove.SetAction(
            (arguments, cancellationToken) =>
                WithList(async list =>
                {
                    var contactId = arguments.GetValue(contact);
                    if (await list.Remove(contactId, arguments.GetValue(channel), cancellationToken) == 0)
                    {
                        await Console.Error.WriteLineAsync($"{contactId} has no such entry on the list");
                        return ExitCodes.Failure;
                    }

                    return await Show(list, contactId, cancellationToken);
                })
        );
        return remove;
    }

    private static Command List()
    {
        var contact = IdOption.Create("--contact", "Only of this contact");
        var limit = NumberOption.WithDefault("--limit", 100, 1, 1_000_000, "Entries at most, the newest first");
        var list = new Command("list", "Shows the list.") { contact, limit };
        list.SetAction(
            (arguments, cancellationToken) =>
                WithList(async suppressions =>
                {
                    var most = arguments.GetValue(limit);
                    var contactId = arguments.GetValue(contact);
                    var found = await suppressions.Read(contactId, Answer.OneMoreThan(most), cancellationToken);
                    Answer.WriteFirst(most, found, entries => Console.WriteLine(Describe(entries, contactId)));
                    return ExitCodes.Success;
                })
        );
        return list;
    }

    private static Argument<Guid> Contact() => IdOption.Argument("contact-id", "The contact's id in the CRM");

    private static Option<string?> Channel(string description) =>
        new("--channel")
        {
            Description = description,
            CustomParser = result =>
            {
                var channel = SuppressionChannel.Parse(result.Tokens[0].Value);
                if (channel is null)
                {
                    result.AddError($"--channel: expected {SuppressionChannel.Expected}");
                }

                return channel;
            },
        };

    private static DateTimeOffset? Until(ArgumentResult result)
    {
        var until = SuppressionTime.Parse(result.Tokens[0].Value);
        if (until is null || until <= TimeProvider.System.GetUtcNow())
        {
            result.AddError($"--until: expected {SuppressionTime.Expected}, and one to come");
        }

        return until;
    }

    private static async Task<int> Show(ISuppressionList list, Guid contactId, CancellationToken cancellationToken)
    {
        var entries = await list.Read(contactId, int.MaxValue, cancellationToken);
        Answer.Write(entries, () => Describe(entries, contactId));
        return ExitCodes.Success;
    }

    /// <param name="contactId">Whose entries they are; null: everybody's.</param>
    public static string Describe(IReadOnlyList<ListedSuppression> entries, Guid? contactId) =>
        (entries.Count, contactId) switch
        {
            (0, { } id) => $"{id} is not on the list",
            (0, null) => "nobody is on the list",
            _ => string.Join(Environment.NewLine, entries.Select(Describe)),
        };

    private static string Describe(ListedSuppression entry) =>
        $"{entry.ContactId} {entry.Channel} {Until(entry)}: {entry.Reason}";

    private static string Until(ListedSuppression entry) =>
        (entry.ExpiresAt, entry.IsExpired) switch
        {
            (null, _) => "for ever",
            (var time, true) => $"no longer, only until {time:u}",
            (var time, _) => $"until {time:u}",
        };
}
