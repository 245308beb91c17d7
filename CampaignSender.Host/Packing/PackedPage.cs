namespace CampaignSender.Host.Packing;

/// <param name="Headers">A JSON object.</param>
internal sealed record PackedPage(int Page, byte[] Body, byte[] BodyHash, string Headers);
