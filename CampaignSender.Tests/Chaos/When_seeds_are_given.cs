using CampaignSender.Sandbox.Commands;
using NUnit.Framework;

namespace CampaignSender.Tests.Chaos;

internal sealed class When_seeds_are_given
{
    [TestCase("7", new[] { 7 })]
    [TestCase("1-4", new[] { 1, 2, 3, 4 })]
    [TestCase("3,7,9-11", new[] { 3, 7, 9, 10, 11 })]
    public void Ranges_and_single_ones_are_understood(string text, int[] seeds) =>
        Assert.That(SeedRange.TryRead(text), Is.EqualTo(seeds));

    [TestCase("")]
    [TestCase("a")]
    [TestCase("4-1")]
    [TestCase("1-")]
    [TestCase("-1")]
    public void Anything_else_is_refused(string text) => Assert.That(SeedRange.TryRead(text), Is.Null);
}
