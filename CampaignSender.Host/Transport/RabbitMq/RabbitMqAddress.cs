namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>The parts of <c>RABBITMQ_URL</c>, with <c>RABBITMQ_VHOST</c> taking the place of the URL's path.</summary>
internal sealed record RabbitMqAddress
{
    private const string DefaultUser = "guest";
    private const ushort AmqpPort = 5672;
    private const ushort AmqpsPort = 5671;

    public required string Host { get; init; }
    public required ushort Port { get; init; }
    public required string VirtualHost { get; init; }
    public required string Username { get; init; }
    public required string Password { get; init; }
    public required bool UseTls { get; init; }

    public static RabbitMqAddress From(RabbitMqOptions options)
    {
        var url = options.Url!;
        var useTls = url.Scheme == "amqps";
        var user = url.UserInfo.Split(':', 2);
        return new RabbitMqAddress
        {
            Host = url.Host,
            Port =
                url.Port > 0 ? (ushort)url.Port
                : useTls ? AmqpsPort
                : AmqpPort,
            VirtualHost = options.EffectiveVirtualHost,
            Username = user[0].Length == 0 ? DefaultUser : Uri.UnescapeDataString(user[0]),
            Password = user.Length < 2 ? DefaultUser : Uri.UnescapeDataString(user[1]),
            UseTls = useTls,
        };
    }
}
