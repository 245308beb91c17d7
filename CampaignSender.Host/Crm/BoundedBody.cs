using System.Buffers;

namespace CampaignSender.Host.Crm;

internal static class BoundedBody
{
    private const int DefaultLength = 2048;

    /// <summary>
    /// Takes at most <paramref name="limit"/> bytes for <paramref name="read"/>; the rest is left unread. The memory is
    /// somebody else's afterwards: what was read must not refer to it.
    /// </summary>
    public static async Task<T> Read<T>(
        Stream stream,
        long? expectedLength,
        int limit,
        Func<ReadOnlyMemory<byte>, T> read,
        CancellationToken cancellationToken
    )
    {
        var most = (int)Math.Min(expectedLength ?? limit, limit);
        var buffer = ArrayPool<byte>.Shared.Rent(expectedLength is null ? Math.Min(DefaultLength, limit) : most);
        try
        {
            var length = 0;
            while (length < most)
            {
                if (length == buffer.Length)
                {
                    Grow(ref buffer);
                }

                var free = buffer.AsMemory(length, Math.Min(buffer.Length, most) - length);
                var received = await stream.ReadAsync(free, cancellationToken);
                if (received == 0)
                {
                    break;
                }

                length += received;
            }

            return read(buffer.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Exchanges memory of the shared pool for twice as much with the same contents.</summary>
    public static void Grow(ref byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
