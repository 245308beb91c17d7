using CampaignSender.Contracts;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>A message for <c>campaigns.send</c>.</summary>
/// <param name="Page">What the body says; null: nothing valid.</param>
internal sealed record PlannedMessage(byte[] Body, CampaignsSend? Page);
