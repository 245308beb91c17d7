using System.Reflection;
using System.Text.RegularExpressions;
using CampaignSender.Host;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace CampaignSender.Tests.Conventions;

/// <summary>Whoever finds a warning at three in the morning looks for its words in docs/operations.md.</summary>
internal sealed partial class Runbook_of_the_log
{
    /// <summary>Of a message's longest part without a value: enough to be found by.</summary>
    private const int Words = 3;

    [Test]
    public void Every_warning_is_told_of()
    {
        var runbook = Blank().Replace(File.ReadAllText(Repository.PathOf("docs/operations.md")), " ");
        var messages = typeof(CampaignSendFlow)
            .Assembly.GetTypes()
            .SelectMany(type =>
                type.GetMethods(
                    BindingFlags.Static
                        | BindingFlags.Instance
                        | BindingFlags.NonPublic
                        | BindingFlags.Public
                        | BindingFlags.DeclaredOnly
                )
            )
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Where(message => message.Level is LogLevel.Warning or LogLevel.Error or LogLevel.Critical)
            .Select(message => message.Message)
            .ToList();

        Assert.That(messages, Has.Count.GreaterThan(30));
        Assert.That(
            messages.Select(Beginning).Where(words => !runbook.Contains(words, StringComparison.Ordinal)),
            Is.Empty
        );
    }

    private static string Beginning(string message)
    {
        var part = Value().Split(message).MaxBy(each => each.Length)!;
        return string.Join(' ', part.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(Words))
            .Trim(' ', ':', ';', ',', '.');
    }

    [GeneratedRegex(@"\{[^}]*\}(?: s\b)?")]
    private static partial Regex Value();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
