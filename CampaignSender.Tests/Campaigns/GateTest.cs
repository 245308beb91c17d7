using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Configuration;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Tests.Database;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Campaigns;

/// <summary>A gate in front of a real database, with a clock that stands still.</summary>
internal abstract class GateTest : DatabaseTest
{
    protected static readonly TimeSpan CacheTime = TimeSpan.FromSeconds(5);

    private MemoryCache _cache = null!;

    protected FakeTimeProvider Time { get; private set; } = null!;

    protected CampaignGate Gate { get; private set; } = null!;

    protected CampaignPlan Plan { get; private set; } = null!;

    [SetUp]
    public async Task OpenGate()
    {
        Time = new FakeTimeProvider();
        _cache = new MemoryCache(new MemoryCacheOptions { Clock = new SteadyTime(Time), SizeLimit = 10 });
        Gate = GateWith(CacheTime);
        Plan = await Insert(contacts: 1, CancellationToken.None);
    }

    [TearDown]
    public void CloseGate() => _cache.Dispose();

    protected CampaignGate GateWith(TimeSpan cacheTime) =>
        new(
            new CampaignStore(Source),
            _cache,
            Options.Create(new GateOptions { StatusCacheTime = cacheTime }),
            Time,
            NullLogger<CampaignGate>.Instance
        );

    protected Task<Passage> Check(CancellationToken cancellationToken) =>
        Gate.Check(Plan.CampaignId, cancellationToken).AsTask();

    protected Task SetStatus(int status, CancellationToken cancellationToken) =>
        Campaigns.SetStatus(Plan.CampaignId, status, cancellationToken);

    protected void Observe(ControlAction action) => Observe(Plan.CampaignId, action);

    protected void Observe(Guid campaignId, ControlAction action) =>
        Gate.Observe(
            new CampaignsControl
            {
                CampaignId = campaignId,
                Action = action,
                CorrelationId = Guid.NewGuid(),
            }
        );
}
