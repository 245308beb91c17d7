namespace CampaignSender.Host.Transport;

internal enum KafkaSaslMechanism
{
    Plain,
    ScramSha256,
    ScramSha512,
}
