using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace CampaignSender.Tests.Servers;

/// <summary>For what comes true by itself and gives no signal of it: within the time that the test has.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Task Holds(
        Func<bool> condition,
        CancellationToken cancellationToken,
        [CallerArgumentExpression(nameof(condition))] string what = ""
    ) => Holds(() => Task.FromResult(condition()), cancellationToken, what);

    public static async Task Holds(
        Func<Task<bool>> condition,
        CancellationToken cancellationToken,
        [CallerArgumentExpression(nameof(condition))] string what = ""
    )
    {
        try
        {
            while (!await condition())
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"It has not come true in time: {what}");
        }
    }
}
