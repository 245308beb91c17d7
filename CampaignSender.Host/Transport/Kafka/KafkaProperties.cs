namespace CampaignSender.Host.Transport.Kafka;

/// <summary>Properties of librdkafka as operators write them: <c>name=value</c>, separated by semicolons.</summary>
internal static class KafkaProperties
{
    public static IEnumerable<KeyValuePair<string, string>> Parse(string properties) =>
        Parts(properties)
            .Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
            .Select(pair => KeyValuePair.Create(pair[0], pair[1]));

    public static bool CanParse(string properties) =>
        Parts(properties).All(part => part.IndexOf('=', StringComparison.Ordinal) > 0);

    private static string[] Parts(string properties) =>
        properties.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
