using System.Globalization;
using DbUp.Engine.Output;

namespace CampaignSender.Host.Database;

/// <summary>
/// What DbUp says, at debug level: it reports each fault three times over, also those that are tried again, and
/// <see cref="DatabaseMigrator"/> reports what came of it.
/// </summary>
internal sealed partial class UpgradeLog(ILogger logger) : IUpgradeLog
{
    public void LogTrace(string format, params object[] args) => Write(format, args);

    public void LogDebug(string format, params object[] args) => Write(format, args);

    public void LogInformation(string format, params object[] args) => Write(format, args);

    public void LogWarning(string format, params object[] args) => Write(format, args);

    public void LogError(string format, params object[] args) => Write(format, args);

    public void LogError(Exception ex, string format, params object[] args) => Write(format, args);

    private void Write(string format, object[] args)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            // Without arguments it is a finished text, in which braces are no placeholders.
            var message = args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);
            Log.Said(logger, message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "database migration: {Message}")]
        public static partial void Said(ILogger logger, string message);
    }
}
