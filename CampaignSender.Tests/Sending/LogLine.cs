using Microsoft.Extensions.Logging;

namespace CampaignSender.Tests.Sending;

internal sealed record LogLine(TimeSpan At, LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Scope)
{
    public override string ToString() => $"{At.TotalSeconds:0.000} {Level}: {Text}";
}
