using System.CommandLine;
using System.CommandLine.Parsing;

namespace CampaignSender.Host.Commands;

/// <summary>Ids of evo-flow and of the CRM, all of which are UUIDs.</summary>
internal static class IdOption
{
    /// <summary>Null where it is not given.</summary>
    public static Option<Guid?> Create(string name, string description) =>
        new(name) { Description = description, CustomParser = result => Read(result, name) };

    public static Argument<Guid> Argument(string name, string description) =>
        new(name) { Description = description, CustomParser = result => Read(result, name) ?? Guid.Empty };

    private static Guid? Read(ArgumentResult result, string name)
    {
        var text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        // That of no campaign and no inbox; the store's name for all campaigns.
        if (Guid.TryParse(text, out var id) && id != Guid.Empty)
        {
            return id;
        }

        result.AddError($"{name}: expected a UUID, got {text}");
        return null;
    }
}
