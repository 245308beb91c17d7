namespace CampaignSender.Host.Commands;

internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>EX_CONFIG of sysexits.h: a setting is missing or wrong.</summary>
    public const int InvalidConfiguration = 78;
}
