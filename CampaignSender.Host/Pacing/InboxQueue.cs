using System.Diagnostics.CodeAnalysis;

namespace CampaignSender.Host.Pacing;

/// <summary>
/// Who waits for an inbox in this replica: the campaigns get their turns one after the other. Not safe for several
/// threads at once.
/// </summary>
internal sealed class InboxQueue
{
    private readonly Dictionary<Guid, Queue<TaskCompletionSource<Turn>>> _byCampaign = [];
    private readonly Queue<Guid> _campaigns = new();

    /// <summary>Those who have given up meanwhile may be among them.</summary>
    public int Count { get; private set; }

    public Task<Turn> Enter(Guid campaignId, CancellationToken cancellationToken)
    {
        // A caller goes on on a thread of its own, never inside of whoever gives the turn.
        var place = new TaskCompletionSource<Turn>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_byCampaign.TryGetValue(campaignId, out var waiting))
        {
            waiting = new Queue<TaskCompletionSource<Turn>>();
            _byCampaign[campaignId] = waiting;
            _campaigns.Enqueue(campaignId);
        }

        waiting.Enqueue(place);
        Count++;
        return UntilCancelled(place, cancellationToken);
    }

    /// <summary>Gives the turn to whoever is next; false: nobody waits.</summary>
    public bool TryGive(Turn turn)
    {
        while (TryDequeue(out var place))
        {
            if (place.TrySetResult(turn))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Nobody gets a turn: all are told why.</summary>
    public void Fail(Exception exception)
    {
        while (TryDequeue(out var place))
        {
            place.TrySetException(exception);
        }
    }

    private static async Task<Turn> UntilCancelled(
        TaskCompletionSource<Turn> place,
        CancellationToken cancellationToken
    )
    {
        using var registration = cancellationToken.UnsafeRegister(
            static (given, token) => ((TaskCompletionSource<Turn>)given!).TrySetCanceled(token),
            place
        );
        return await place.Task;
    }

    private bool TryDequeue([NotNullWhen(true)] out TaskCompletionSource<Turn>? place)
    {
        if (!_campaigns.TryDequeue(out var campaignId))
        {
            place = null;
            return false;
        }

        var waiting = _byCampaign[campaignId];
        place = waiting.Dequeue();
        Count--;
        if (waiting.Count > 0)
        {
            _campaigns.Enqueue(campaignId);
        }
        else
        {
            _byCampaign.Remove(campaignId);
        }

        return true;
    }
}
