using System.CommandLine;

namespace CampaignSender.Sandbox.Commands;

/// <summary>The option for environment variables of the replicas.</summary>
internal static class ReplicaVariables
{
    public static Option<string[]> Option()
    {
        var option = new Option<string[]>("--set")
        {
            Description = "An environment variable of the replicas, NAME=VALUE; may be repeated",
        };
        option.Validators.Add(result =>
        {
            if (
                result.Tokens.FirstOrDefault(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1) is
                { } wrong
            )
            {
                result.AddError($"--set: expected NAME=VALUE, got '{wrong.Value}'");
            }
        });
        return option;
    }

    public static IReadOnlyDictionary<string, string> Read(string[]? assignments) =>
        (assignments ?? [])
            .Select(assignment => assignment.Split('=', 2))
            .GroupBy(parts => parts[0])
            .ToDictionary(assigned => assigned.Key, assigned => assigned.Last()[1]);
}
