namespace CampaignSender.Sandbox.Chaos;

/// <summary>A message that belongs into the dead letters.</summary>
/// <param name="Reason">What its dead letter must say.</param>
internal sealed record PoisonMessage(byte[] Body, string Reason)
{
    public bool Is(byte[] body) => Body.AsSpan().SequenceEqual(body);
}
