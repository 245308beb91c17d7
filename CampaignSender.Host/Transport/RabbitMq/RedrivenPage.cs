namespace CampaignSender.Host.Transport.RabbitMq;

/// <summary>Stands for a message whose bytes are copied, not written.</summary>
internal sealed record RedrivenPage;
