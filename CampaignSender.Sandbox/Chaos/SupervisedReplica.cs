using CampaignSender.Sandbox.Replicas;
using CampaignSender.Sandbox.Servers.Programs;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>Starts a replica again whenever it has ended, as Kubernetes does.</summary>
internal sealed class SupervisedReplica(int number, Replica replica, ChaosLog log, TimeProvider time)
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <summary>Kubernetes' own terminationGracePeriodSeconds.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(100);

    private bool _isEndExpected;
    private int _unasked;
    private int _overdue;

    public int Number => number;

    public Replica Replica => replica;

    /// <summary>How often it ended without having been killed or told to.</summary>
    public int UnaskedEnds => _unasked;

    /// <summary>How often it had to be killed, because it had not ended in the grace period.</summary>
    public int OverdueStops => _overdue;

    public async Task Supervise(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var exitCode = await replica.WaitForEnd(cancellationToken);
            var isExpected = Interlocked.Exchange(ref _isEndExpected, false);
            _unasked += isExpected ? 0 : 1;
            log.Tell($"replica {number} ended with exit code {exitCode}{(isExpected ? "" : ", by itself")}");
            await Task.Delay(_pause, time, cancellationToken);
            replica.StartAgain();
        }
    }

    public void Kill()
    {
        Volatile.Write(ref _isEndExpected, replica.IsRunning);
        replica.Send(Signal.Kill);
    }

    public async Task Stop(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _isEndExpected, replica.IsRunning);
        replica.Send(Signal.Terminate);
        var asked = time.GetTimestamp();
        // Once it has ended, and been noticed, nobody expects its end any more.
        while (Volatile.Read(ref _isEndExpected))
        {
            if (time.GetElapsedTime(asked) > _grace)
            {
                _overdue++;
                log.Tell($"replica {number} has not ended {_grace.TotalSeconds:0} s after SIGTERM and is killed");
                replica.Send(Signal.Kill);
                return;
            }

            await Task.Delay(_poll, time, cancellationToken);
        }
    }

    /// <summary>Ends it for good. Nobody supervises it any more.</summary>
    public async Task End(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_grace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        replica.Send(Signal.Terminate);
        try
        {
            await replica.WaitForEnd(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _overdue++;
            replica.Send(Signal.Kill);
            await replica.WaitForEnd(cancellationToken);
        }
    }

    public async Task Freeze(TimeSpan duration, CancellationToken cancellationToken)
    {
        replica.Send(Signal.Stop);
        try
        {
            await Task.Delay(duration, time, cancellationToken);
        }
        finally
        {
            replica.Send(Signal.Continue);
        }
    }
}
