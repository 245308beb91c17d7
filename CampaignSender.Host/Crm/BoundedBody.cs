namespace CampaignSender.Host.Crm;

internal static class BoundedBody
{
    private const int DefaultLength = 2048;

    /// <summary>Reads at most <paramref name="limit"/> bytes; the rest is left unread.</summary>
    public static async Task<ReadOnlyMemory<byte>> Read(
        Stream stream,
        long? expectedLength,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var buffer = new byte[Math.Min(expectedLength ?? DefaultLength, limit)];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length == expectedLength || length >= limit)
                {
                    return buffer;
                }

                Array.Resize(ref buffer, Math.Min(Math.Max(length * 2, DefaultLength), limit));
            }

            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }

            length += read;
        }
    }
}
