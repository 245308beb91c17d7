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

    /// <summary>A name of this replica in its group that survives restarts, so that one does not move its partitions.</summary>
    public string? GroupInstanceId { get; set; }

    /// <summary>Pages in work at once per replica.</summary>
    public int PagesInWork { get; set; } = 4;

    /// <summary>Further properties of librdkafka, name=value, separated by semicolons.</summary>
    public string Properties { get; set; } = "";
}
