using Spectre.Console;

namespace CampaignSender.Host.Commands;

/// <summary>The standard output, with colours where somebody looks.</summary>
internal static class Terminal
{
    /// <summary>In a file or a pipe a line is one line, however long.</summary>
    public const int AnyWidth = 10_000;

    /// <summary>Made anew each time: a test may have redirected the output since.</summary>
    public static IAnsiConsole Console
    {
        get
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings());
            if (System.Console.IsOutputRedirected)
            {
                console.Profile.Width = AnyWidth;
            }

            return console;
        }
    }

    /// <summary>A line that is broken between words where it is too long for the terminal, which would break a number.</summary>
    public static void WriteWords(IAnsiConsole console, string text) => console.WriteLine(text);
}
