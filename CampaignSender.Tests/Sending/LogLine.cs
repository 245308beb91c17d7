using Microsoft.Extensions.Logging;

namespace CampaignSender.Tests.Sending;

internal sealed record LogLine(LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Scope);
