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

    /// <summary>How many to read for a list of so many at most: one more tells that there are more.</summary>
    public static int OneMoreThan(int limit) => limit < int.MaxValue ? limit + 1 : limit;

    /// <summary>A list that may end before its end, which neither a table nor JSON would show.</summary>
    /// <param name="found">Those, and one more where there are more.</param>
    /// <param name="all">How many there are; null: not known.</param>
    public static void WriteFirst<T>(
        int limit,
        IReadOnlyList<T> found,
        Action<IReadOnlyList<T>> table,
        long? all = null
    )
    {
        IReadOnlyList<T> shown = [.. found.Take(limit)];
        Write(shown, () => table(shown));
        if (found.Count > limit)
        {
            var of = all is { } number ? $" of {number:N0}" : "";
            Console.Error.WriteLine($"Only the first {limit:N0}{of} are shown: --limit shows more");
        }
    }

    /// <summary>Beside the answer: what a program reads stays whole.</summary>
    public static void Note(string text)
    {
        if (IsForPrograms)
        {
            Console.Error.WriteLine(text);
        }
        else
        {
            Terminal.WriteWords(Terminal.Console, text);
        }
    }
}
