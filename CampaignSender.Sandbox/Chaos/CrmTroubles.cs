using CampaignSender.Sandbox.Crm;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>What goes wrong at the CRM.</summary>
internal sealed class CrmTroubles(SimulatedCrm crm, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _listening = new(1);
    private int _away;

    /// <summary>The CRM is away until the last of those who sent it away is done.</summary>
    public async Task BeAway(TimeSpan duration, CancellationToken cancellationToken)
    {
        await Change(+1, cancellationToken);
        await Task.Delay(duration, time, cancellationToken);
        await Change(-1, cancellationToken);
    }

    public async Task BeSlow(TimeSpan latency, TimeSpan duration, CancellationToken cancellationToken)
    {
        crm.Latency = latency;
        await Task.Delay(duration, time, cancellationToken);
        crm.Latency = ReplicaPace.CrmLatency;
    }

    public async Task GoWrong(FaultRule rule, TimeSpan duration, CancellationToken cancellationToken)
    {
        crm.Fail(rule);
        await Task.Delay(duration, time, cancellationToken);
        crm.StopFailing(rule);
    }

    public void Dispose() => _listening.Dispose();

    private async Task Change(int difference, CancellationToken cancellationToken)
    {
        await _listening.WaitAsync(cancellationToken);
        try
        {
            var before = _away;
            _away += difference;
            if (before == 0)
            {
                await crm.StopListening();
            }
            else if (_away == 0)
            {
                await crm.Listen(cancellationToken);
            }
        }
        finally
        {
            _listening.Release();
        }
    }
}
