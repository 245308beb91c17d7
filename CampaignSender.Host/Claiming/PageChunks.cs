namespace CampaignSender.Host.Claiming;

/// <summary>
/// Deals a page's contacts out in the chunks that one statement claims each. The faster they are dispatched, the larger
/// they grow: what is claimed, and in doubt should the process die, is what goes out in a moment, and where the CRM answers
/// at once the claims do not become most of the work.
/// </summary>
internal sealed class PageChunks(ReadOnlyMemory<Guid> contacts, int size, TimeProvider time)
{
    private const int MostGrowth = 4;

    /// <summary>A chunk that was dispatched in less is too small.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private readonly int _largest = size * MostGrowth;
    private int _size = size;
    private ReadOnlyMemory<Guid> _left = contacts;
    private long? _dispatching;
    private bool _isAhead;

    /// <summary>To be called when the chunk before the last one has been dispatched; empty at the end.</summary>
    public ReadOnlyMemory<Guid> Next()
    {
        if (_dispatching is { } since && time.GetElapsedTime(since) < Moment)
        {
            _size = Math.Min(_size * 2, _largest);
        }

        // The first two are asked for at once: nothing has been dispatched yet.
        _dispatching = _isAhead ? time.GetTimestamp() : null;
        _isAhead = true;
        var chunk = _left[..Math.Min(_size, _left.Length)];
        _left = _left[chunk.Length..];
        return chunk;
    }
}
