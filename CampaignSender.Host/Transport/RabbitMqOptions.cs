using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Transport;

internal sealed class RabbitMqOptions : IOptionsSection
{
    public static string Section => "RabbitMq";

    /// <summary>amqp or amqps, with user and password. Never log it.</summary>
    public Uri? Url { get; set; }

    /// <summary>Overrides the virtual host in the path of <see cref="Url"/>.</summary>
    public string? VirtualHost { get; set; }

    /// <summary>Pages in work at once per replica.</summary>
    public ushort PrefetchCount { get; set; } = 4;

    /// <summary>The virtual host to use: the setting, else that of the url.</summary>
    public string EffectiveVirtualHost => string.IsNullOrEmpty(VirtualHost) ? UrlVirtualHost : VirtualHost;

    /// <summary>
    /// Why no page may ever come; null: all is as it should be. evo-flow hands its setting to its client as an option of the
    /// socket, where it does nothing.
    /// </summary>
    public string? VirtualHostNotice =>
        EffectiveVirtualHost == UrlVirtualHost
            ? null
            : $"RABBITMQ_VHOST is '{VirtualHost}', but evo-flow's packer uses the virtual host of RABBITMQ_URL, '{UrlVirtualHost}', "
                + "whatever RABBITMQ_VHOST says: if it has the same url no page comes here; leave RABBITMQ_VHOST out";

    /// <summary>The url's path, else the broker's default.</summary>
    private string UrlVirtualHost
    {
        get
        {
            // A path that begins with two is a name that begins with one.
            var path = Url?.AbsolutePath ?? "/";
            return path.Length <= 1 ? "/" : Uri.UnescapeDataString(path[1..]);
        }
    }
}
