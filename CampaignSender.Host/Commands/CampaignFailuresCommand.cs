using System.CommandLine;
using System.Globalization;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Database;
using CsvHelper;
using CsvHelper.Configuration;

namespace CampaignSender.Host.Commands;

internal static class CampaignFailuresCommand
{
    // A reason quotes the CRM: a spreadsheet must not take it for a formula.
    private static readonly CsvConfiguration Csv = new(CultureInfo.InvariantCulture)
    {
        InjectionOptions = InjectionOptions.Escape,
        NewLine = "\n",
    };

    public static Command Build()
    {
        var campaign = CommandText.CampaignArgument();
        var codes = FailureCodes.OfVerdicts.ToArray();
        var reason = new Option<string?>("--reason")
        {
            Description = $"Only those with this failure_code: {string.Join(", ", codes)}",
            HelpName = "code",
        }.AcceptOnlyFromAmong(codes);
        var failures = new Command(
            "failures",
            "Writes who got no message and why, as CSV: contact_id, status, code, reason, settled_at. The reason may quote "
                + "what the CRM said of the contact."
        )
        {
            campaign,
            reason,
        };
        failures.SetAction(
            (arguments, cancellationToken) =>
                Execute(arguments.GetValue(campaign), arguments.GetValue(reason), cancellationToken)
        );
        return failures;
    }

    public static async Task Write(
        IAsyncEnumerable<FailedContact> contacts,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        await using var csv = new CsvWriter(output, Csv, leaveOpen: true);
        foreach (var name in new[] { "contact_id", "status", "code", "reason", "settled_at" })
        {
            csv.WriteField(name);
        }

        await csv.NextRecordAsync();
        await foreach (var contact in contacts.WithCancellation(cancellationToken))
        {
            csv.WriteField(contact.ContactId);
            csv.WriteField(contact.Status);
            csv.WriteField(contact.Code);
            csv.WriteField(contact.Reason is { } quoted ? CommandText.Printable(quoted) : null);
            csv.WriteField(contact.SettledAt?.ToString("O", CultureInfo.InvariantCulture));
            await csv.NextRecordAsync();
        }
    }

    private static Task<int> Execute(Guid campaignId, string? code, CancellationToken cancellationToken) =>
        CommandHost.Run(
            builder => builder.Services.AddDatabase().AddCampaignContents(),
            async services =>
            {
                var contents = services.GetRequiredService<ICampaignContents>();
                if (await contents.Find(campaignId, cancellationToken) is null)
                {
                    return await CampaignStatusCommand.Missing(campaignId);
                }

                var failures = contents.ReadFailures(campaignId, code, cancellationToken);
                await (
                    Answer.IsForPrograms
                        ? CommandText.WriteJson(failures, cancellationToken)
                        : Write(failures, Console.Out, cancellationToken)
                );
                return ExitCodes.Success;
            }
        );
}
