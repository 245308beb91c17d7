namespace CampaignSender.Sandbox.Chaos;

/// <summary>A promise that is broken for something else than one contact.</summary>
internal sealed record BrokenPromise(Promise Promise, string What);
