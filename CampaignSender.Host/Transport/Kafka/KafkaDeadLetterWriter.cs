using System.Text;
using CampaignSender.Contracts;
using Confluent.Kafka;
using TransportUnavailableException = MassTransit.TransportUnavailableException;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>Copies messages that can never be sent to the dead-letter topic: key, value and headers untouched.</summary>
internal sealed class KafkaDeadLetterWriter(KafkaProducer producer, DeadLetterNotes notes)
{
    public async Task Send(
        ConsumeResult<byte[]?, byte[]?> message,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        var headers = new Headers();
        foreach (var header in message.Message.Headers)
        {
            headers.Add(header.Key, header.GetValueBytes());
        }

        foreach (var (key, value) in notes.HeadersFor(exception))
        {
            headers.Add(key, Encoding.UTF8.GetBytes(value));
        }

        await Produce(
            new Message<byte[]?, byte[]?>
            {
                Key = message.Message.Key,
                Value = message.Message.Value,
                Headers = headers,
            },
            cancellationToken
        );
        notes.Note(exception);
    }

    private async Task Produce(Message<byte[]?, byte[]?> letter, CancellationToken cancellationToken)
    {
        try
        {
            await producer.Produce(Topics.SendDeadLetters, letter, cancellationToken);
        }
        catch (Exception exception) when (exception is KafkaException or TimeoutException)
        {
            throw new TransportUnavailableException(
                $"A message cannot be dead-lettered to {Topics.SendDeadLetters}",
                exception
            );
        }
    }
}
