namespace CampaignSender.Sandbox.Crm;

/// <summary>How many requests the CRM takes in each window; those beyond are refused with 429.</summary>
/// <param name="Window">A second or a minute, as Rack::Attack counts: it begins anew at each full one of the clock.</param>
/// <param name="TellsWhen">Whether a refusal says in <c>Retry-After</c> when the next window begins.</param>
internal sealed record RequestLimit(int Requests, TimeSpan Window, bool TellsWhen)
{
    public double PerSecond => Requests / Window.TotalSeconds;
}
