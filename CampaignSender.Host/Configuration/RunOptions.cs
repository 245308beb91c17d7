namespace CampaignSender.Host.Configuration;

internal sealed class RunOptions : IOptionsSection
{
    public const string CampaignSender = "campaign-sender";

    public static string Section => "Run";

    /// <summary>The part of evo-flow that this process is; there is only this one here.</summary>
    public string RunMode { get; set; } = CampaignSender;

    public BrokerType BrokerType { get; set; } = BrokerType.RabbitMq;

    /// <summary>The port of the HTTP endpoints; 0 takes any free one.</summary>
    public int Port { get; set; } = 3000;

    public string ListenAddress { get; set; } = "::";

    /// <summary>The broker, for what is decided before options exist. A value that is none is reported with the others.</summary>
    public static BrokerType BrokerOf(IConfiguration configuration) =>
        Enum.TryParse<BrokerType>(configuration[$"{Section}:{nameof(BrokerType)}"], ignoreCase: true, out var broker)
            ? broker
            : BrokerType.RabbitMq;
}
