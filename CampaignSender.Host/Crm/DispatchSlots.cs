using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Crm;

/// <summary>The bounded pool of requests in flight that all pages of this replica share.</summary>
internal sealed class DispatchSlots(IOptions<DispatchOptions> options, SenderMetrics metrics) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Value.Concurrency);

    public async ValueTask<Slot> Take(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        metrics.SlotTaken();
        return new Slot(this);
    }

    public void Dispose() => _free.Dispose();

    private void Return()
    {
        metrics.SlotReturned();
        _free.Release();
    }

    internal readonly struct Slot(DispatchSlots owner) : IDisposable
    {
        public void Dispose() => owner.Return();
    }
}
