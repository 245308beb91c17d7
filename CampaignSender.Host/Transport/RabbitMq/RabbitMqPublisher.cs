using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using CampaignSender.Contracts;
using CampaignSender.Host.Parking;
using CampaignSender.Host.Tracking;
using MassTransit;
using MassTransit.Serialization;

namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>Publishes persistent messages and returns when the broker has confirmed them.</summary>
internal sealed class RabbitMqPublisher(IBus bus, TimeProvider time) : ITrackedPublisher, IPagePublisher
{
    /// <summary>A broker that does not confirm in this time counts as away.</summary>
    private static readonly TimeSpan ConfirmTime = TimeSpan.FromSeconds(15);

    private static readonly Uri SendExchange = new($"exchange:{Topics.Send}?type=topic");
    private static readonly ContentType Json = new(MediaTypeNames.Application.Json);

    public Task Publish(CampaignsTracked report, CancellationToken cancellationToken) =>
        InTime(
            () =>
                bus.Publish(
                    report,
                    context =>
                    {
                        context.CorrelationId = report.CorrelationId;
                        context.Headers.Set(MessageHeaderNames.CorrelationId, report.CorrelationId.ToString());
                        context.Headers.Set(MessageHeaderNames.MessageId, context.MessageId?.ToString());
                    },
                    CancellationToken.None
                ),
            cancellationToken
        );

    public Task Publish(ParkedPage page, CancellationToken cancellationToken) =>
        InTime(
            async () =>
            {
                var exchange = await bus.GetSendEndpoint(SendExchange);
                await exchange.Send(new RedrivenPage(), context => Redrive(context, page), CancellationToken.None);
            },
            cancellationToken
        );

    private static void Redrive(SendContext<RedrivenPage> context, ParkedPage page)
    {
        context.Serializer = new CopyBodySerializer(Json, new BytesMessageBody(page.Body));
        context.SetRoutingKey(Topics.Send);
        context.CorrelationId = page.CorrelationId;
        foreach (var (key, value) in JsonSerializer.Deserialize<Dictionary<string, string>>(page.Headers) ?? [])
        {
            context.Headers.Set(key, value);
        }

        context.Headers.Set(DeliveryReader.RedrivesHeader, (page.Redrives + 1).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// A publication is waited for, never cancelled: MassTransit declares the exchange with the same token, and a channel
    /// whose request was cancelled half-way answers none after it. One that is given up here may still arrive later, which
    /// costs a repeated report or a page that is skipped.
    /// </summary>
    private async Task InTime(Func<Task> publish, CancellationToken cancellationToken)
    {
        try
        {
            await publish().WaitAsync(ConfirmTime, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"RabbitMQ did not confirm a message in {ConfirmTime.TotalSeconds:0} s");
        }
    }
}
