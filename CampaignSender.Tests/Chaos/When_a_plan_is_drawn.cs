using CampaignSender.Sandbox.Chaos;
using NUnit.Framework;

namespace CampaignSender.Tests.Chaos;

internal sealed class When_a_plan_is_drawn
{
    [Test]
    public void The_same_seed_gives_the_same_plan()
    {
        var first = FaultPlan.Draw(Options.Of(seed: 7));
        var second = FaultPlan.Draw(Options.Of(seed: 7));

        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void Another_seed_gives_another_plan() =>
        Assert.That(FaultPlan.Draw(Options.Of(seed: 8)), Is.Not.EqualTo(FaultPlan.Draw(Options.Of(seed: 7))));

    [TestCase(1)]
    [TestCase(15)]
    [TestCase(60)]
    public void It_has_as_many_faults_as_were_asked_for(int faults) =>
        Assert.That(FaultPlan.Draw(Options.Of(faults)), Has.Count.EqualTo(faults));

    [Test]
    public void Without_faults_it_is_empty() => Assert.That(FaultPlan.Draw(Options.Of(faults: 0)), Is.Empty);

    [Test]
    public void Only_the_kinds_appear_that_were_asked_for()
    {
        var options = Options.Of(faults: 30) with { Kinds = new HashSet<FaultKind> { FaultKind.ReplicaKill } };

        var kinds = FaultPlan.Draw(options).Select(fault => fault.Kind).ToArray();

        Assert.That(kinds, Has.Length.EqualTo(30).And.All.EqualTo(FaultKind.ReplicaKill));
    }

    [Test]
    public void Every_kind_appears([Range(1, 20)] int seed)
    {
        var kinds = FaultPlan.Draw(Options.Of(seed: seed)).Select(fault => fault.Kind).Distinct();

        Assert.That(kinds, Is.EquivalentTo(FaultTraits.Drawn.Append(FaultKind.CampaignStop)));
    }

    [Test]
    public void Exactly_one_campaign_is_stopped_in_the_middle([Range(1, 20)] int seed)
    {
        var stop = FaultPlan.Draw(Options.Of(seed: seed)).Single(fault => fault.Kind is FaultKind.CampaignStop);

        Assert.That(stop.Target, Is.EqualTo(ChaosCampaigns.Stopped));
        Assert.That(stop.At, Is.InRange(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(80)));
    }

    [Test]
    public void Nothing_has_two_faults_at_once([Range(1, 20)] int seed)
    {
        var lanes = FaultPlan.Draw(Options.Of(seed: seed)).GroupBy(fault => (fault.Lane, fault.Target));

        foreach (var lane in lanes)
        {
            var faults = lane.OrderBy(fault => fault.At).ToArray();
            foreach (var (earlier, later) in faults.Zip(faults.Skip(1)))
            {
                Assert.That(later.At, Is.GreaterThanOrEqualTo(earlier.At + earlier.Duration), $"{lane.Key}");
            }
        }
    }

    [Test]
    public void A_frozen_replica_sleeps_longer_than_its_claims_last([Range(1, 20)] int seed)
    {
        var freezes = FaultPlan.Draw(Options.Of(seed: seed)).Where(fault => fault.Kind is FaultKind.ReplicaFreeze);

        Assert.That(freezes.Select(freeze => freeze.Duration), Is.All.GreaterThan(ReplicaPace.ClaimTime));
    }

    [Test]
    public void The_faults_are_spread_over_the_whole_time()
    {
        var quarters = FaultPlan.Draw(Options.Of()).GroupBy(fault => (int)fault.At.TotalSeconds / 30);

        Assert.That(quarters.Count(quarter => quarter.Count() >= 5), Is.GreaterThanOrEqualTo(4));
    }

    [Test]
    public void An_outage_comes_beside_the_faults_that_were_asked_for()
    {
        var options = Options.Of() with { CrmOutage = TimeSpan.FromSeconds(50) };

        var plan = FaultPlan.Draw(options);

        Assert.That(plan, Has.Count.EqualTo(61));
        Assert.That(
            plan.Single(fault => fault.Kind is FaultKind.CrmOutage).Duration,
            Is.EqualTo(TimeSpan.FromSeconds(50))
        );
    }
}
