namespace CampaignSender.Host.Commands;

internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>Broken off by SIGINT, which is Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>Broken off by SIGTERM.</summary>
    public const int Terminated = 143;

    /// <summary>EX_CONFIG of sysexits.h: a setting is missing or wrong.</summary>
    public const int InvalidConfiguration = 78;
}
