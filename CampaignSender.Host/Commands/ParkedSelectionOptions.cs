using System.CommandLine;
using System.CommandLine.Parsing;
using CampaignSender.Host.Parking;

namespace CampaignSender.Host.Commands;

internal sealed class ParkedSelectionOptions
{
    private readonly Argument<Guid[]> _ids = new("id")
    {
        Description = "Pages by their ids in `parked list`",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = ReadIds,
    };

    private readonly Option<Guid?> _campaign = IdOption.Create("--campaign", "Only pages of this campaign");

    private readonly Option<string?> _reason = new Option<string?>("--reason")
    {
        Description = $"Only those that are parked for this reason: {string.Join(", ", ParkingReasonNames.All)}",
        HelpName = "reason",
    }.AcceptOnlyFromAmong(ParkingReasonNames.All);

    public void AddTo(Command command)
    {
        command.Add(_ids);
        command.Add(_campaign);
        command.Add(_reason);
    }

    /// <summary>So that nobody means a few pages and gets all.</summary>
    public void Require(CommandResult result, Option<bool> all)
    {
        if (
            result.GetResult(_ids)?.Tokens.Count is null or 0
            && result.GetResult(_campaign) is null
            && result.GetResult(_reason) is null
            && !result.GetValue(all)
        )
        {
            result.AddError($"parked {result.Command.Name}: expected ids, --campaign, --reason or --all");
        }
    }

    public ParkedSelection Of(ParseResult arguments) =>
        new()
        {
            Ids = arguments.GetValue(_ids) ?? [],
            CampaignId = arguments.GetValue(_campaign),
            Reason = arguments.GetValue(_reason),
        };

    // The library would take what is no id for no id at all, and no ids are all pages.
    private static Guid[] ReadIds(ArgumentResult result)
    {
        var ids = new List<Guid>();
        foreach (var token in result.Tokens)
        {
            if (Guid.TryParse(token.Value, out var id))
            {
                ids.Add(id);
            }
            else
            {
                result.AddError($"id: expected the id of a parked page, got {token.Value}");
            }
        }

        return [.. ids];
    }
}
