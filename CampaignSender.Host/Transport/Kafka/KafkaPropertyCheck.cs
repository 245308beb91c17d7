using CampaignSender.Host.Configuration;
using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>Lets librdkafka itself say at the start whether it knows the properties, and whether their values fit.</summary>
internal sealed class KafkaPropertyCheck : IValidateOptions<KafkaOptions>
{
    public ValidateOptionsResult Validate(string? name, KafkaOptions options)
    {
        if (options.Properties.Length == 0)
        {
            return ValidateOptionsResult.Success;
        }

        var config = new ProducerConfig();
        foreach (var (property, value) in KafkaProperties.Parse(options.Properties))
        {
            config.Set(property, value);
        }

        try
        {
            new ProducerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, _) => { }).Build().Dispose();
            return ValidateOptionsResult.Success;
        }
        catch (InvalidOperationException exception)
        {
            return Refuse(exception.Message);
        }
        catch (KafkaException exception)
        {
            return Refuse(exception.Error.Reason);
        }
    }

    private static ValidateOptionsResult Refuse(string reason) =>
        ValidateOptionsResult.Fail(
            EnvironmentVariables
                .Named("KAFKA_PROPERTIES")
                .Disagreeing(
                    $"properties that librdkafka knows, but it says: {reason}",
                    "Correct or remove the property."
                )
        );
}
