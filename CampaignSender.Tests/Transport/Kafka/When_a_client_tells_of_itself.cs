using CampaignSender.Host.Transport.Kafka;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Transport.Kafka;

internal sealed class When_a_client_tells_of_itself
{
    private static readonly TimeSpan LongestJoin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    [TestCase("DOWN", "UP", ExpectedResult = true)]
    [TestCase("DOWN", "TRY_CONNECT", ExpectedResult = false)]
    public bool It_is_connected_to_any_broker(string first, string second) =>
        KafkaStatistics
            .Read(
                $$"""
                {
                  "brokers": {
                    "127.0.0.1:9092/1": { "state": "{{first}}" },
                    "127.0.0.1:9093/2": { "state": "{{second}}" }
                  }
                }
                """
            )
            .IsConnected;

    [TestCase("up", "steady", ExpectedResult = true)]
    [TestCase("up", "wait-join", ExpectedResult = false)]
    [TestCase("wait-coord", "steady", ExpectedResult = false)]
    public bool The_group_has_taken_it_in(string state, string joinState) =>
        KafkaStatistics.Read(OfGroup(state, joinState)).IsMember;

    [Test]
    public void One_without_a_group_is_a_member_of_none() => Assert.That(KafkaStatistics.Read("{}").IsMember, Is.False);

    /// <summary>Without partitions it is told of no loss.</summary>
    [Test]
    public void One_that_joins_again_for_too_long_is_replaced()
    {
        var time = new FakeTimeProvider();
        var membership = new GroupMembership(LongestJoin, time);
        membership.Set(isMember: true);

        for (var waited = TimeSpan.Zero; waited <= LongestJoin; waited += Interval)
        {
            membership.Set(KafkaStatistics.Read(OfGroup("up", "wait-join")).IsMember);
            Assert.That(membership.Check, Throws.Nothing);
            time.Advance(Interval);
        }

        Assert.That(membership.Check, Throws.InstanceOf<TimeoutException>());
        membership.Set(KafkaStatistics.Read(OfGroup("up", "steady")).IsMember);
        Assert.That(membership.Check, Throws.Nothing);
    }

    private static string OfGroup(string state, string joinState) =>
        $$"""{ "brokers": {}, "cgrp": { "state": "{{state}}", "stateage": 1, "join_state": "{{joinState}}" } }""";
}
