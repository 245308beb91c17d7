namespace CampaignSender.Host.DryRuns;

/// <param name="Contacts">Contacts at most.</param>
/// <param name="Samples">Messages that are shown, at most.</param>
/// <param name="Concurrency">Contacts that are looked up at once.</param>
internal sealed record DryRunScope(int Contacts, int Samples, int Concurrency);
