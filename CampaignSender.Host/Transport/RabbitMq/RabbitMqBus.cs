using System.Net.Security;
using System.Security.Authentication;
using CampaignSender.Contracts;
using MassTransit;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>Attaches to what the old sender declared: same exchange, same queue, no topology of our own besides.</summary>
internal static partial class RabbitMqBus
{
    public static void UseCampaignRabbitMq(this IBusRegistrationConfigurator bus)
    {
        bus.AddCampaignConsumers();
        bus.AddSingleton<LoginWatch>();
        bus.AddReceiveEndpointObserver<LoginWatch>();
        bus.UsingRabbitMq(
            (context, rabbitMq) =>
            {
                var options = context.GetRequiredService<IOptions<RabbitMqOptions>>().Value;
                if (options.VirtualHostNotice is { } notice)
                {
                    LogVirtualHost(context.GetRequiredService<ILogger<RabbitMqOptions>>(), notice);
                }

                ConnectTo(rabbitMq, options);
                UseContracts(rabbitMq, context.GetRequiredService<CampaignSerializer>());

                rabbitMq.ReceiveEndpoint(
                    Queues.Send,
                    endpoint =>
                    {
                        endpoint.PrefetchCount = options.PrefetchCount;
                        BindTo(endpoint, Topics.Send);
                        endpoint.ConfigureChannel(channel =>
                            channel.UseFilter(context.GetRequiredService<ChannelWatch>())
                        );
                        endpoint.ConfigureError(context.GetRequiredService<PageErrorPipeline>().Configure);
                        endpoint.ConfigureConsumer<CampaignsSendConsumer>(context);
                    }
                );
                rabbitMq.ReceiveEndpoint(
                    ControlQueue.NameOfThisReplica(),
                    endpoint =>
                    {
                        endpoint.Durable = false;
                        endpoint.AutoDelete = true;
                        endpoint.Exclusive = true;
                        BindTo(endpoint, Topics.Control);
                        endpoint.ConfigureConsumer<CampaignsControlConsumer>(context);
                    }
                );
            }
        );
    }

    private static void ConnectTo(IRabbitMqBusFactoryConfigurator rabbitMq, RabbitMqOptions options)
    {
        var address = RabbitMqAddress.From(options);
        rabbitMq.Host(
            address.Host,
            address.Port,
            address.VirtualHost,
            host =>
            {
                host.Username(address.Username);
                host.Password(address.Password);
                host.Heartbeat(RabbitMqConnections.Heartbeat);
                host.MaxMessageSize(RabbitMqConnections.LargestMessageBytes);
                if (address.UseTls)
                {
                    host.UseSsl(tls =>
                    {
                        tls.ServerName = address.Host;
                        // MassTransit would take a certificate of any authority, and TLS 1.2 alone.
                        tls.EnforcePolicyErrors(SslPolicyErrors.RemoteCertificateChainErrors);
                        tls.Protocol = SslProtocols.None;
                    });
                }
            }
        );
    }

    private static void UseContracts(IRabbitMqBusFactoryConfigurator rabbitMq, CampaignSerializer serializer)
    {
        rabbitMq.ClearSerialization();
        rabbitMq.AddSerializer(serializer);
        rabbitMq.AddDeserializer(serializer, isDefault: true);
    }

    private static void BindTo(IRabbitMqReceiveEndpointConfigurator endpoint, string topic)
    {
        endpoint.ConfigureConsumeTopology = false;
        endpoint.Bind(
            topic,
            binding =>
            {
                binding.ExchangeType = ExchangeType.Topic;
                binding.RoutingKey = topic;
            }
        );
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Notice}")]
    private static partial void LogVirtualHost(ILogger logger, string notice);
}
