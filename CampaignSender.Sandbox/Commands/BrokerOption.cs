using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Commands;

internal static class BrokerOption
{
    private static readonly string[] Names = [.. Enum.GetNames<BrokerKind>().Select(name => name.ToLowerInvariant())];

    public static Option<BrokerKind> Create()
    {
        // No factory of the default, which the help would show as C# has it: without the option it is RabbitMq all the same.
        var option = new Option<BrokerKind>("--broker")
        {
            Description = "The broker, rabbitmq if not given",
            CustomParser = result => Read(result, "--broker").SingleOrDefault(),
        };
        Show(option.CompletionSources);
        return option;
    }

    /// <summary>One or more of them.</summary>
    public static Option<Several<BrokerKind>> CreateMany(string name, string description)
    {
        var option = new Option<Several<BrokerKind>>(name)
        {
            Description = $"{description}; several are separated by spaces",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => new(Enum.GetValues<BrokerKind>()),
            CustomParser = result => new(Read(result, name)),
        };
        Show(option.CompletionSources);
        return option;
    }

    private static void Show(List<Func<CompletionContext, IEnumerable<CompletionItem>>> completions)
    {
        // Those of the enum, in C#'s capitals.
        completions.Clear();
        completions.Add(Names);
    }

    private static List<BrokerKind> Read(ArgumentResult result, string name)
    {
        var brokers = new List<BrokerKind>();
        foreach (var token in result.Tokens)
        {
            if (Names.Contains(token.Value, StringComparer.OrdinalIgnoreCase))
            {
                brokers.Add(Enum.Parse<BrokerKind>(token.Value, ignoreCase: true));
            }
            else
            {
                result.AddError($"{name}: expected one of {string.Join(", ", Names)}, got {token.Value}");
            }
        }

        return brokers;
    }
}
