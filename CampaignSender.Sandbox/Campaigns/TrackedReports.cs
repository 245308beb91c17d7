using System.Collections.Concurrent;
using CampaignSender.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace CampaignSender.Sandbox.Campaigns;

/// <summary>The reports of finished pages, the first of each page, as evo-flow's tracker keeps them.</summary>
internal sealed class TrackedReports
{
    private readonly ConcurrentDictionary<(Guid Campaign, int Page), CampaignsTracked> _first = new();
    private TaskCompletionSource _arrival = NewArrival();
    private int _received;

    private TrackedReports() { }

    public IReadOnlyCollection<CampaignsTracked> First => [.. _first.Values];

    /// <summary>All reports, repeated ones too.</summary>
    public int Received => Volatile.Read(ref _received);

    public static async Task<TrackedReports> Listen(IChannel channel, CancellationToken cancellationToken)
    {
        var reports = new TrackedReports();
        await channel.ExchangeDeclareAsync(
            Topics.Tracked,
            ExchangeType.Topic,
            durable: true,
            cancellationToken: cancellationToken
        );
        var queue = await channel.QueueDeclareAsync(cancellationToken: cancellationToken);
        await channel.QueueBindAsync(queue.QueueName, Topics.Tracked, Topics.Tracked, null, false, cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            reports.Add(MessageParser.Parse<CampaignsTracked>(delivery.Body, new MessageLimits()));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, cancellationToken);
        return reports;
    }

    /// <summary>Waits until that many pages of the campaign are reported.</summary>
    public async Task WaitForPages(Guid campaignId, int pages, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = Volatile.Read(ref _arrival).Task;
            if (_first.Keys.Count(key => key.Campaign == campaignId) >= pages)
            {
                return;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    private void Add(CampaignsTracked report)
    {
        Interlocked.Increment(ref _received);
        _first.TryAdd((report.CampaignId, report.Page), report);
        Interlocked.Exchange(ref _arrival, NewArrival()).SetResult();
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
