using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Transport;

internal sealed class KafkaOptions : IOptionsSection
{
    public static string Section => "Kafka";

    /// <summary>host:port, separated by commas.</summary>
    public string Brokers { get; set; } = "";

    /// <summary>Null: no authentication.</summary>
    public KafkaSaslMechanism? SaslMechanism { get; set; }

    public string? Username { get; set; }

    public string? Password { get; set; }

    public bool SslEnabled { get; set; }
}
