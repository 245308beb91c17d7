using System.Net;

namespace CampaignSender.Host.Crm;

/// <summary>
/// A body that is written only if it still may be when the connection stands. That may take until a machine that was suspended
/// meanwhile is awake again; the headers are not sent before.
/// </summary>
/// <exception cref="RequestWithheldException">It may not: nothing was sent.</exception>
internal sealed class LastMomentContent(ReadOnlyMemory<byte> body, Func<bool>? mayBeWritten) : HttpContent
{
    /// <summary>The connection stood, and the request may have left.</summary>
    public bool IsBegun { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        if (mayBeWritten?.Invoke() is false)
        {
            throw new RequestWithheldException();
        }

        IsBegun = true;
        return stream.WriteAsync(body, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
