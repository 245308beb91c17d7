using System.Text;
using CampaignSender.Host;
using CampaignSender.Host.Parking;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Tests.Database;
using NUnit.Framework;

namespace CampaignSender.Tests.Parking;

/// <summary>The store of parked pages, empty at the start of each test.</summary>
internal abstract class ParkingTest : DatabaseTest
{
    protected static readonly TimeSpan Now = TimeSpan.Zero;
    protected static readonly TimeSpan Later = TimeSpan.FromHours(1);

    protected ParkingStore Store { get; private set; } = null!;

    [SetUp]
    public async Task Empty()
    {
        Store = new ParkingStore(Source);
        await Execute("TRUNCATE campaign_sender_parked_pages", new { }, CancellationToken.None);
    }

    /// <summary>The first page of a campaign, as a broker delivers it.</summary>
    protected static PageDelivery Delivery(CampaignPlan plan, int page = 1, string body = "{}", int redrives = 0) =>
        new()
        {
            Page = plan.Pages().First() with { Page = page },
            Body = Encoding.UTF8.GetBytes(body),
            Headers = new Dictionary<string, string> { ["messageId"] = "m-1" },
            Redrives = redrives,
        };

    protected Task Park(PageDelivery delivery, TimeSpan delay, CancellationToken cancellationToken) =>
        Store.Park(delivery, "claimed_elsewhere", delay, cancellationToken);

    protected async Task<IReadOnlyList<ParkedPage>> TakeDue(CancellationToken cancellationToken, int limit = 100)
    {
        var pages = new List<ParkedPage>();
        await Store.TakeDue(
            limit,
            (page, _) =>
            {
                pages.Add(page);
                return Task.CompletedTask;
            },
            cancellationToken
        );
        return pages;
    }

    protected async Task<long> Count(CancellationToken cancellationToken) =>
        (await Store.CountByReason(cancellationToken)).Sum(count => count.Pages);
}
