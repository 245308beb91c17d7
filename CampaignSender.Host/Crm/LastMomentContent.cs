using System.Net;

namespace CampaignSender.Host.Crm;

/// <summary>
/// A body that is written only if it still may be when the connection stands. That may take until a machine that was suspended
/// meanwhile is awake again; the headers are not sent before.
/// </summary>
/// <exception cref="RequestWithheldException">It may not: nothing was sent.</exception>
internal sealed class LastMomentContent(ReadOnlyMemory<byte> body, Func<bool>? mayBeWritten) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    ) =>
        mayBeWritten is null || mayBeWritten()
            ? stream.WriteAsync(body, cancellationToken).AsTask()
            : throw new RequestWithheldException();

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
