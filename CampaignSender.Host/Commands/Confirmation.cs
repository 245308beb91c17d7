using System.CommandLine;

namespace CampaignSender.Host.Commands;

/// <summary>What cannot be taken back is asked for, or ordered with <c>--yes</c>.</summary>
internal static class Confirmation
{
    public static Option<bool> Option() => new("--yes") { Description = "Do not ask" };

    /// <param name="question">What happens, and a question mark.</param>
    public static async Task<bool> IsGiven(string question, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
        {
            await Console.Error.WriteLineAsync($"{question} Expected --yes, or a terminal to ask on");
            return false;
        }

        await Console.Error.WriteAsync($"{question} [y/N] ");
        // The terminal knows of no cancellation: a signal has not to wait until somebody answers.
        var answer = await Task.Run(Console.ReadLine, cancellationToken).WaitAsync(cancellationToken);
        return answer?.Trim() is "y" or "Y";
    }
}
