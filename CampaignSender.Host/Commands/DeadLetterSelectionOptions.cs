using System.CommandLine;
using CampaignSender.Host.Transport;
using CampaignSender.Host.Validation;

namespace CampaignSender.Host.Commands;

/// <param name="limit">What is done to how many letters at most, where it is not given; null: to all.</param>
internal sealed class DeadLetterSelectionOptions(string limitDescription, int? limit = null)
{
    private static readonly string[] Reasons =
    [
        .. PermanentFaultReasons.All,
        DeadLetter.ReasonOfTheSenderBefore,
        DeadLetter.UnknownReason,
    ];

    private readonly Option<string?> _reason = new Option<string?>("--reason")
    {
        Description = $"Only those with this x-dlq-reason: {string.Join(", ", Reasons)}",
        HelpName = "reason",
    }.AcceptOnlyFromAmong(Reasons);

    private readonly Option<Guid?> _campaign = IdOption.Create("--campaign", "Only pages of this campaign");

    private readonly Option<int?> _limit = NumberOption.Optional("--limit", 1, int.MaxValue, limitDescription);

    public void AddTo(Command command)
    {
        command.Add(_reason);
        command.Add(_campaign);
        command.Add(_limit);
    }

    public DeadLetterSelection Of(ParseResult arguments) =>
        new()
        {
            Reason = arguments.GetValue(_reason),
            CampaignId = arguments.GetValue(_campaign),
            Limit = arguments.GetValue(_limit) ?? limit ?? int.MaxValue,
        };
}
