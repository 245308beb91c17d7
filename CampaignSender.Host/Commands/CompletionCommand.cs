using System.CommandLine;

namespace CampaignSender.Host.Commands;

/// <summary>Scripts that have a shell ask the commands themselves what may follow.</summary>
internal static class CompletionCommand
{
    /// <summary>Makes <c>campaign-sender</c> a word of the shell, wherever the service's files are.</summary>
    private const string Bash = """
        campaign-sender() { dotnet "@assembly@" "$@"; }
        _campaign_sender() {
            local line="${COMP_LINE#"${COMP_WORDS[0]}"}"
            local point=$((COMP_POINT - ${#COMP_WORDS[0]} - 1))
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(campaign-sender "[suggest:$point]" "${line# }" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -F _campaign_sender campaign-sender
        """;

    private const string Zsh = """
        autoload -U +X bashcompinit && bashcompinit
        """;

    public static Command Build()
    {
        var shell = new Argument<string>("shell") { Description = "bash or zsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh");
        var completion = new Command(
            "completion",
            "Prints a script that defines campaign-sender in the shell and completes its commands and options."
        )
        {
            shell,
        };
        completion.SetAction(arguments =>
        {
            if (arguments.GetValue(shell) == "zsh")
            {
                Console.WriteLine(Zsh);
            }

            Console.WriteLine(
                Bash.Replace(
                    "@assembly@",
                    Path.Combine(AppContext.BaseDirectory, "CampaignSender.Host.dll"),
                    StringComparison.Ordinal
                )
            );
            return ExitCodes.Success;
        });
        return completion;
    }
}
