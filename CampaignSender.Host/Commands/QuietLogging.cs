namespace CampaignSender.Host.Commands;

/// <summary>The log of a command: what it does is told by its answer, so that nothing below a warning is logged.</summary>
internal static class QuietLogging
{
    /// <summary>Whatever the settings say, which are those of the service: they raise the level further, and never lower it.</summary>
    public static IServiceCollection AddQuietLogging(this IServiceCollection services) =>
        services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            filters.MinLevel = Quieter(filters.MinLevel);
            for (var number = 0; number < filters.Rules.Count; number++)
            {
                var rule = filters.Rules[number];
                filters.Rules[number] = new LoggerFilterRule(
                    rule.ProviderName,
                    rule.CategoryName,
                    rule.LogLevel is { } level ? Quieter(level) : null,
                    rule.Filter
                );
            }
        });

    private static LogLevel Quieter(LogLevel level) => level > LogLevel.Warning ? level : LogLevel.Warning;
}
