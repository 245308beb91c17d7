using CampaignSender.Host.Commands;
using CampaignSender.Host.Packing;
using CampaignSender.Host.Parking;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

internal sealed class When_little_is_found : ConsoleTest
{
    private static readonly Guid Id = Guid.Parse("5b0c1d2e-8f3a-4c6b-9d7e-0a1b2c3d4e5f");

    [TestCase(0, ExpectedResult = "0 pages")]
    [TestCase(1, ExpectedResult = "1 page")]
    [TestCase(1_200, ExpectedResult = "1,200 pages")]
    public string One_is_no_plural(long pages) => CommandText.Count(pages, "page");

    [Test]
    public void Nobody_else_is_taken_for_being_absent_from_the_list()
    {
        Assert.That(SuppressionCommand.Describe([], Id), Is.EqualTo($"{Id} is not on the list"));
        Assert.That(SuppressionCommand.Describe([], contactId: null), Is.EqualTo("nobody is on the list"));
    }

    [Test]
    public void Nobody_to_pack_is_told_in_the_command_s_own_words()
    {
        var packed = new PackedCampaign { CampaignId = Id };

        Assert.That(CampaignPackCommand.Describe(packed, isTrial: true, "nobody"), Is.EqualTo("nobody"));
        Assert.That(
            CampaignPackCommand.Describe(packed with { Contacts = 1, Pages = 1, FirstPage = 4 }, isTrial: true, ""),
            Is.EqualTo("1 contact in 1 page, numbered from 4: would be packed")
        );
    }

    [TestCase(1, 0, ExpectedResult = "1 parked page due now")]
    [TestCase(
        0,
        1_200,
        ExpectedResult = "0 parked pages due now; 1,200 left alone: name them, or --campaign, to let them go on"
    )]
    public string Pages_that_stay_parked_are_told(long pages, long left) => ParkedCommand.DescribeRedriven(pages, left);

    [TestCase(0, "2 of 2 ids")]
    [TestCase(1, "1 of 2 ids")]
    public async Task An_id_of_no_parked_page_is_a_fault(int found, string expected)
    {
        var which = new ParkedSelection { Ids = [Id, Guid.NewGuid()] };

        Assert.That(await ParkedCommand.AreAll(which, found), Is.False);
        Assert.That(Errors.Trim(), Is.EqualTo($"There is no such parked page: {expected}"));
    }

    [Test]
    public async Task Pages_that_nobody_has_named_are_none_too_few()
    {
        Assert.That(await ParkedCommand.AreAll(new ParkedSelection { CampaignId = Id }, found: 0), Is.True);
        Assert.That(await ParkedCommand.AreAll(new ParkedSelection { Ids = [Id, Id] }, found: 1), Is.True);
        Assert.That(Errors, Is.Empty);
    }
}
