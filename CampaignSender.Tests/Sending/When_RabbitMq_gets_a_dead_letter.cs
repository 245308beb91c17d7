using CampaignSender.Contracts;
using CampaignSender.Host.Commands;
using CampaignSender.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using RabbitMQ.Client;

namespace CampaignSender.Tests.Sending;

/// <summary>Beside what holds for either broker.</summary>
internal sealed class When_RabbitMq_gets_a_dead_letter : SendingTest
{
    private static readonly byte[] Letter = "{ oops"u8.ToArray();

    private IConnection _connection = null!;
    private IChannel _channel = null!;

    [SetUp]
    public async Task Connect()
    {
        _connection = await (await SharedServers.RabbitMq()).Connect(CancellationToken.None);
        _channel = await _connection.CreateChannelAsync();
    }

    [TearDown]
    public async Task Disconnect()
    {
        await _channel.QueueDeleteAsync(Queues.SendDeadLetters);
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    [Test, CancelAfter(60_000)]
    public async Task It_is_kept_where_the_queue_refuses_it_and_pages_go_on(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 3, pageSize: 1, cancellationToken);
        await DeclareQueue(new() { ["x-overflow"] = "reject-publish", ["x-max-length"] = 0 }, cancellationToken);
        // Longer than the CRM is held.
        var replica = await Scene.StartReplica(
            cancellationToken,
            ("Dispatch:Timeout", "00:01:00"),
            ("Claim:TimeToLive", "00:05:00")
        );
        await Scene.Broker.Publish(Topics.Send, Letter, cancellationToken);
        await replica.Log.WaitFor("cannot be dead-lettered", cancellationToken);
        Scene.Crm.Hold();
        await Scene.Publish(plan, cancellationToken);
        await Scene.Crm.WaitForPosts(3, cancellationToken);

        await Eventually.Holds(
            () => replica.Log.All.Count(line => line.Text.Contains("cannot be dead-lettered")) >= 2,
            cancellationToken
        );

        Scene.Crm.Release();
        await Scene.WaitForReports(plan, cancellationToken);
        await _channel.QueueDeleteAsync(Queues.SendDeadLetters, cancellationToken: cancellationToken);
        Assert.That((await Scene.Broker.TakeDeadLetter(cancellationToken)).Body, Is.EqualTo(Letter));
        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(replica.Log.All.Select(line => line.Text), Has.None.Contains("is parked"), "began anew");
    }

    [Test, CancelAfter(60_000)]
    public async Task It_is_put_where_somebody_has_declared_the_queue_otherwise(CancellationToken cancellationToken)
    {
        await DeclareQueue(new() { ["x-max-length"] = 5 }, cancellationToken);
        await Scene.StartReplica(cancellationToken);

        await Scene.Broker.Publish(Topics.Send, Letter, cancellationToken);

        Assert.That((await Scene.Broker.TakeDeadLetter(cancellationToken)).Body, Is.EqualTo(Letter));
    }

    [Test, CancelAfter(60_000)]
    public async Task Headers_that_differ_in_their_case_alone_hide_it_from_nobody(CancellationToken cancellationToken)
    {
        await Scene.StartReplica(cancellationToken);
        var message = new BasicProperties
        {
            Headers = new Dictionary<string, object?> { ["x-any"] = "one", ["X-Any"] = "other" },
        };
        await _channel.BasicPublishAsync(Topics.Send, Topics.Send, mandatory: true, message, Letter, cancellationToken);
        await Eventually.Holds(
            async () => await Scene.Broker.CountDeadLetters(cancellationToken) == 1,
            cancellationToken
        );

        await using var services = Scene.CommandServices(
            (services, configuration) => services.AddDeadLetters(configuration)
        );
        var letters = await services
            .GetRequiredService<DeadLetterVisits>()
            .Read(new DeadLetterSelection(), cancellationToken);

        Assert.That(letters.Select(letter => letter.Reason), Is.EqualTo(["malformed_payload"]));
    }

    [Test, CancelAfter(60_000)]
    public async Task It_is_the_producers_message_and_outlives_the_broker(CancellationToken cancellationToken)
    {
        await Scene.StartReplica(cancellationToken);
        var message = new BasicProperties
        {
            MessageId = "m-17",
            Expiration = "60000",
            DeliveryMode = DeliveryModes.Transient,
            UserId = (await SharedServers.RabbitMq()).Url.UserInfo.Split(':')[0],
            Headers = new Dictionary<string, object?>
            {
                ["x-any"] = "kept",
                ["CC"] = new List<object?> { Queues.Send },
            },
        };
        await _channel.BasicPublishAsync(Topics.Send, Topics.Send, mandatory: true, message, Letter, cancellationToken);

        BasicGetResult? letter;
        while ((letter = await Take(cancellationToken)) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }

        var properties = letter.BasicProperties;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(properties.MessageId, Is.EqualTo("m-17"));
            Assert.That(properties.Persistent, Is.True);
            Assert.That(properties.IsExpirationPresent(), Is.False);
            Assert.That(properties.IsUserIdPresent(), Is.False);
            Assert.That(
                properties.Headers!.Keys,
                Is.SupersetOf(["x-any", "MT-Fault-ExceptionType", MessageHeaderNames.DeadLetterReason])
                    .And.Not.Contains("CC")
            );
        }
    }

    private Task<QueueDeclareOk> DeclareQueue(
        Dictionary<string, object?> arguments,
        CancellationToken cancellationToken
    ) =>
        _channel.QueueDeclareAsync(
            Queues.SendDeadLetters,
            durable: true,
            exclusive: false,
            autoDelete: false,
            arguments,
            cancellationToken: cancellationToken
        );

    /// <summary>Null: there is none yet, or no queue for it.</summary>
    private async Task<BasicGetResult?> Take(CancellationToken cancellationToken) =>
        await Scene.Broker.CountDeadLetters(cancellationToken) > 0
            ? await _channel.BasicGetAsync(Queues.SendDeadLetters, autoAck: true, cancellationToken)
            : null;
}
