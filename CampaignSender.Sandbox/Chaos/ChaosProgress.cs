using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>Says every few seconds how things stand; what does not answer at the moment is left out.</summary>
internal sealed class ChaosProgress(Stage stage, ContactRows rows, ChaosLog log, TimeProvider time)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    public async Task Follow(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var counts = await Ask(rows.Count, cancellationToken);
            var lag = await Ask<long?>(async token => await stage.Broker.CountWaitingPages(token), cancellationToken);
            log.Show(
                $"{Describe(counts)}; {(lag is { } pages ? $"{pages} pages wait" : "the broker does not answer")}"
            );
        }
    }

    private static string Describe(RowCounts? counts) =>
        counts is null
            ? "PostgreSQL does not answer"
            : $"{counts.Sent} sent, {counts.Failed} failed, {counts.Skipped} skipped, {counts.Pending} pending, "
                + $"{counts.Parked} pages parked";

    private async Task<T?> Ask<T>(Func<CancellationToken, Task<T>> question, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            // Not every client heeds the token while its server hangs.
            return await question(either.Token).WaitAsync(_patience, time, cancellationToken);
        }
        catch (Exception exception) when (Patience.IsPassing(exception) && !cancellationToken.IsCancellationRequested)
        {
            return default;
        }
    }
}
