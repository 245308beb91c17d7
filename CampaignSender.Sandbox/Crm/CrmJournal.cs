using System.Collections.Concurrent;

namespace CampaignSender.Sandbox.Crm;

/// <summary>What was asked about each contact and how it was answered, as a server's access log has it.</summary>
internal sealed class CrmJournal(bool isKept)
{
    private readonly ConcurrentQueue<CrmJournalEntry> _entries = new();

    public IReadOnlyCollection<CrmJournalEntry> Entries => _entries;

    public void Write(CrmRequestKind kind, Guid? contactId, Guid? campaignId, FaultRule? fault, int status)
    {
        if (isKept && contactId is { } id)
        {
            _entries.Enqueue(new(TimeProvider.System.GetUtcNow(), kind, id, campaignId, Describe(fault, status)));
        }
    }

    private static string Describe(FaultRule? fault, int status) =>
        fault switch
        {
            null => $"{status}",
            { IsCutAfterHeaders: true } => $"{Deed(fault)}, {status} without a body",
            { Status: null } => $"{Deed(fault)}, connection cut",
            { RetryAfter: { } seconds } => $"{Deed(fault)}, {status} with Retry-After {seconds}",
            _ => $"{Deed(fault)}, {status}",
        };

    private static string Deed(FaultRule fault) => fault.IsCarriedOut ? "carried out" : "refused";
}
