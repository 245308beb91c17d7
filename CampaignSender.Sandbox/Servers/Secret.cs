using System.Security.Cryptography;

namespace CampaignSender.Sandbox.Servers;

/// <summary>Passwords of our servers: others may work on this machine too.</summary>
internal static class Secret
{
    public static string Create() => RandomNumberGenerator.GetHexString(24, lowercase: true);
}
