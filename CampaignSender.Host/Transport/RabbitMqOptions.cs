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

    /// <summary>The virtual host to use: the setting, else the url's path, else the broker's default.</summary>
    public string EffectiveVirtualHost
    {
        get
        {
            if (!string.IsNullOrEmpty(VirtualHost))
            {
                return VirtualHost;
            }

            var path = Uri.UnescapeDataString(Url?.AbsolutePath.TrimStart('/') ?? "");
            return path.Length == 0 ? "/" : path;
        }
    }
}
