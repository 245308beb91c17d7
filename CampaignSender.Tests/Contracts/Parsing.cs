using System.Text;
using CampaignSender.Contracts;
using NUnit.Framework;

namespace CampaignSender.Tests.Contracts;

/// <summary>Parses with the default limits and hands the outcome to a test.</summary>
internal static class Parsing
{
    public static T Of<T>(MessageBody body)
        where T : class => MessageParser.Parse<T>(body.ToBytes(), MessageLimits.Default);

    public static InvalidMessageException FaultOf<T>(byte[] body, MessageLimits? limits = null)
        where T : class
    {
        var fault = Assert.Throws<InvalidMessageException>(() =>
            MessageParser.Parse<T>(body, limits ?? MessageLimits.Default)
        );
        return fault!;
    }

    /// <summary>The violations as sentences: path, blank, rule.</summary>
    public static string[] ViolationsOf<T>(byte[] body, MessageLimits? limits = null)
        where T : class => [.. FaultOf<T>(body, limits).Violations.Select(violation => violation.ToString())];

    public static string[] ViolationsOf<T>(MessageBody body, MessageLimits? limits = null)
        where T : class => ViolationsOf<T>(body.ToBytes(), limits);

    public static string[] ViolationsOf<T>(string body)
        where T : class => ViolationsOf<T>(Encoding.UTF8.GetBytes(body));
}
