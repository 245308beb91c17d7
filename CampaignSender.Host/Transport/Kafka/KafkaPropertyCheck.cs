using CampaignSender.Host.Configuration;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Transport.Kafka;

/// <summary>
/// Lets librdkafka itself say at the start whether it knows the properties, whether their values fit, and whether they fit
/// together. The clients that it makes have no broker to connect to.
/// </summary>
internal sealed class KafkaPropertyCheck : IValidateOptions<KafkaOptions>
{
    public ValidateOptionsResult Validate(string? name, KafkaOptions options)
    {
        if (options.Properties.Length == 0)
        {
            return ValidateOptionsResult.Success;
        }

        var toTry = new KafkaOptions { SslEnabled = options.SslEnabled, Properties = options.Properties };
        var clients = new KafkaClients(Options.Create(toTry), NullLogger<KafkaClients>.Instance);
        var names = KafkaProperties.Parse(options.Properties).Select(property => property.Key);
        if (names.FirstOrDefault(name => KafkaClients.Overrules(options, name)) is { } overruled)
        {
            return Refuse($"properties that the service does not set itself, but it sets {overruled}");
        }

        try
        {
            clients.PageConsumer().Build().Dispose();
            clients.Producer().Build().Dispose();
            return ValidateOptionsResult.Success;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or KafkaException)
        {
            return Refuse($"properties that librdkafka accepts, but it says: {exception.Message}");
        }
    }

    private static ValidateOptionsResult Refuse(string reason) =>
        ValidateOptionsResult.Fail(
            EnvironmentVariables.Named("KAFKA_PROPERTIES").Disagreeing(reason, "Correct or remove the property.")
        );
}
