using CampaignSender.Host.Crm;

namespace CampaignSender.Host.DryRuns;

/// <summary>Counts what a dry run sees, from several contacts at once.</summary>
internal sealed class DryRunTally(CrmTemplate template, int samples)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Status, string Code, string? Reason), long> _refusals = [];
    private readonly Dictionary<string, long> _gaps = [];
    private readonly List<DryRunSample> _samples = [];

    public long Seen { get; private set; }

    public long WouldBeSent { get; private set; }

    public IReadOnlyList<DryRunRefusal> Refusals =>
        [
            .. _refusals
                .Select(each => new DryRunRefusal(each.Key.Status, each.Key.Code, each.Key.Reason, each.Value))
                .OrderByDescending(refusal => refusal.Contacts),
        ];

    public IReadOnlyList<DryRunGap> Gaps =>
        [.. _gaps.Select(each => new DryRunGap(each.Key, each.Value)).OrderByDescending(gap => gap.Contacts)];

    public IReadOnlyList<DryRunSample> Samples => _samples;

    public void WouldSend(CrmContact contact, Guid contactId)
    {
        lock (_lock)
        {
            Seen++;
            WouldBeSent++;
            foreach (var placeholder in TemplateRenderer.Gaps(template, contact))
            {
                _gaps[placeholder] = _gaps.GetValueOrDefault(placeholder) + 1;
            }

            if (_samples.Count < samples)
            {
                _samples.Add(new DryRunSample(contactId, TemplateRenderer.Render(template.Text, contact)));
            }
        }
    }

    // Without the details of a reason: they differ from contact to contact.
    public void WouldFail(DispatchResult.Failed failed) => Refuse("FAILED", failed.Code, failed.Summary);

    public void WouldSkip(DispatchResult.Skipped skipped) => Refuse("SKIPPED", skipped.Code, reason: null);

    private void Refuse(string status, string code, string? reason)
    {
        lock (_lock)
        {
            Seen++;
            var key = (status, code, reason);
            _refusals[key] = _refusals.GetValueOrDefault(key) + 1;
        }
    }
}
