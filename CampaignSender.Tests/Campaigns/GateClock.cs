using Microsoft.Extensions.Internal;

namespace CampaignSender.Tests.Campaigns;

/// <summary>The clock of a cache, which does not know <see cref="TimeProvider"/>.</summary>
internal sealed class GateClock(TimeProvider time) : ISystemClock
{
    public DateTimeOffset UtcNow => time.GetUtcNow();
}
