using CampaignSender.Contracts;
using CampaignSender.Host.Commands;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace CampaignSender.Tests.Sending;

/// <summary>What <c>check</c> has to say of a broker that is well.</summary>
internal sealed class When_another_sender_is_about : SendingTest
{
    private const string SingleMode = "single-campaigns.send";

    private IConnection _evoFlow = null!;
    private IChannel _channel = null!;

    [SetUp]
    public async Task Connect()
    {
        var factory = new ConnectionFactory { Uri = (await SharedServers.RabbitMq()).Url };
        _evoFlow = await factory.CreateConnectionAsync();
        _channel = await _evoFlow.CreateChannelAsync();
    }

    [TearDown]
    public async Task Leave()
    {
        await _channel.QueueDeleteAsync(SingleMode);
        await _channel.DisposeAsync();
        await _evoFlow.DisposeAsync();
    }

    [Test, CancelAfter(60_000)]
    public async Task One_inside_of_evo_flow_s_single_process_is_told(CancellationToken cancellationToken)
    {
        await DeclareQueue(cancellationToken);
        await _channel.BasicConsumeAsync(
            SingleMode,
            autoAck: false,
            new AsyncEventingBasicConsumer(_channel),
            cancellationToken
        );

        Assert.That(await Notices(cancellationToken), Has.One.Contains("RUN_MODE=single"));
    }

    [Test, CancelAfter(60_000)]
    public async Task The_queue_of_one_that_is_gone_is_not(CancellationToken cancellationToken)
    {
        await DeclareQueue(cancellationToken);

        Assert.That(await Notices(cancellationToken), Has.None.Contains(SingleMode));
    }

    [Test, CancelAfter(60_000)]
    public async Task That_nobody_consumes_our_queue_is_told_until_somebody_does(CancellationToken cancellationToken)
    {
        Assert.That(await Notices(cancellationToken), Has.One.Contains("nobody consumes the queue"));

        await Scene.StartReplica(cancellationToken);

        Assert.That(await Notices(cancellationToken), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task Where_there_has_never_been_one_there_is_nothing_to_tell(CancellationToken cancellationToken) =>
        Assert.That(await Notices(cancellationToken), Has.None.Contains(SingleMode));

    /// <summary>It sits on the virtual host of the url's path, whatever the setting says.</summary>
    [Test, CancelAfter(60_000)]
    public async Task A_packer_on_another_virtual_host_is_told(CancellationToken cancellationToken)
    {
        Assert.That(
            await Notices(cancellationToken, OnAnotherVirtualHost()),
            Has.One.Contains("uses the virtual host of RABBITMQ_URL, 'somewhere'")
        );

        var replica = await Scene.StartReplica(cancellationToken, OnAnotherVirtualHost());

        Assert.That(
            replica.Log.All.Where(line => line.Text.Contains("RABBITMQ_VHOST", StringComparison.Ordinal)),
            Has.One.Property(nameof(LogLine.Level)).EqualTo(LogLevel.Warning)
        );
    }

    private (string, string?)[] OnAnotherVirtualHost() =>
        [
            ("RabbitMq:Url", new Uri(new Uri(Scene.Settings()["RabbitMq:Url"]!), "/somewhere").AbsoluteUri),
            ("RabbitMq:VirtualHost", "/"),
        ];

    private async Task DeclareQueue(CancellationToken cancellationToken)
    {
        await _channel.QueueDeclareAsync(
            SingleMode,
            durable: true,
            exclusive: false,
            autoDelete: false,
            cancellationToken: cancellationToken
        );
        await _channel.QueueBindAsync(SingleMode, Topics.Send, Topics.Send, cancellationToken: cancellationToken);
    }

    private async Task<IReadOnlyList<string>> Notices(
        CancellationToken cancellationToken,
        params (string, string?)[] overrides
    )
    {
        await using var services = Scene.CommandServices(
            (services, configuration) => services.AddChecks(configuration),
            overrides
        );
        return await CheckCommand.Notices(services, isReachable: true, cancellationToken);
    }
}
