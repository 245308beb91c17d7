using CampaignSender.Contracts;
using CampaignSender.Host.Database;

namespace CampaignSender.Host.Suppression;

/// <summary>The list as one replica knows it.</summary>
internal sealed class SuppressionCheck
{
    private readonly SuppressionStore _store;
    private readonly TimeProvider _time;
    private readonly Recent<bool> _isEmpty;

    public SuppressionCheck(SuppressionStore store, TimeProvider time)
    {
        _store = store;
        _time = time;
        // No caller's cancellation may end it for the others.
        _isEmpty = new Recent<bool>(time, () => store.IsEmpty(CancellationToken.None));
    }

    /// <summary>Of the contacts of one page, with one statement for all of them each time.</summary>
    public PageSuppressions Open(ChannelType channel, Guid[] contactIds) =>
        new(
            _isEmpty,
            new Recent<IReadOnlyDictionary<Guid, string>>(
                _time,
                () => _store.Find(contactIds, SuppressionChannel.NameOf(channel), CancellationToken.None)
            )
        );
}
