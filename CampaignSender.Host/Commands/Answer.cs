using System.CommandLine;

namespace CampaignSender.Host.Commands;

/// <summary>What a command says: to people in sentences and tables, to programs as JSON.</summary>
internal static class Answer
{
    /// <summary>Of every command.</summary>
    public static Option<bool> JsonOption { get; } =
        new("--json") { Description = "Answer as JSON, for programs", Recursive = true };

    /// <summary>Set once, before the one command of this process runs.</summary>
    public static bool IsForPrograms { get; set; }

    /// <param name="value">All that a program may want to know.</param>
    public static void Write<T>(T value, Func<string> text) =>
        Console.WriteLine(IsForPrograms ? CommandText.Json(value) : text());

    public static void Write<T>(T value, Action table)
    {
        if (IsForPrograms)
        {
            Console.WriteLine(CommandText.Json(value));
        }
        else
        {
            table();
        }
    }

    /// <summary>Beside the answer: what a program reads stays whole.</summary>
    public static void Note(string text) => (IsForPrograms ? Console.Error : Console.Out).WriteLine(text);
}
