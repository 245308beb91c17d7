using System.Buffers;

namespace CampaignSender.Host.Crm;

/// <summary>Reads the thread that the CRM answers a conversation's POST with, while it arrives.</summary>
internal static class ThreadReader
{
    private const int FirstBuffer = 16 * 1024;

    /// <summary>The largest single text; also what a body that is no thread can cost.</summary>
    private const int LargestBuffer = 4 * 1024 * 1024;

    /// <summary>Null where the body does not show the messages of a thread to their end: it proves nothing.</summary>
    public static async Task<ThreadReading?> Read(Stream stream, Guid dispatchKey, CancellationToken cancellationToken)
    {
        var scanner = new ThreadScanner(dispatchKey.ToString());
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var length = 0;
            while (scanner.Reading is null)
            {
                if (length == buffer.Length)
                {
                    if (length >= LargestBuffer)
                    {
                        return null;
                    }

                    BoundedBody.Grow(ref buffer);
                }

                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
                length += read;
                var used = scanner.Scan(buffer.AsSpan(0, length), isLast: read == 0);
                buffer.AsSpan(used, length - used).CopyTo(buffer);
                length -= used;
                if (read == 0)
                {
                    break;
                }
            }

            return scanner.Reading;
        }
        catch (Exception exception) when (CrmJson.IsUnreadable(exception))
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
