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
    private readonly ConcurrentQueue<CampaignsTracked> _all = new();

    private TrackedReports() { }

    public IReadOnlyCollection<CampaignsTracked> First => [.. _first.Values];

    /// <summary>Repeated ones too.</summary>
    public IReadOnlyCollection<CampaignsTracked> All => _all;

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
    public Task WaitForPages(Guid campaignId, int pages, CancellationToken cancellationToken) =>
        WaitUntil(() => _first.Keys.Count(key => key.Campaign == campaignId) >= pages, cancellationToken);

    /// <summary>Waits until that many reports have arrived, repeated ones too.</summary>
    public Task WaitForReceived(int reports, CancellationToken cancellationToken) =>
        WaitUntil(() => _all.Count >= reports, cancellationToken);

    private async Task WaitUntil(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = Volatile.Read(ref _arrival).Task;
            if (condition())
            {
                return;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    private void Add(CampaignsTracked report)
    {
        _all.Enqueue(report);
        _first.TryAdd((report.CampaignId, report.Page), report);
        Interlocked.Exchange(ref _arrival, NewArrival()).SetResult();
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
