using CampaignSender.Host.Commands;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

internal sealed class When_a_list_is_long : ConsoleTest
{
    [TestCase(true)]
    [TestCase(false)]
    public void That_it_is_cut_off_is_told_beside_it(bool isForPrograms)
    {
        Answer.IsForPrograms = isForPrograms;

        Write(2, [1, 2, 3]);

        Assert.That(Output, Does.Contain("2").And.Not.Contain("3"));
        Assert.That(Errors.Trim(), Is.EqualTo("Only the first 2 are shown: --limit shows more"));
    }

    [Test]
    public void So_is_of_how_many_where_that_is_known()
    {
        Write(2, [1, 2, 3], all: 218);

        Assert.That(Errors, Does.StartWith("Only the first 2 of 218 are shown"));
    }

    [Test]
    public void Of_a_whole_one_nothing_is_told()
    {
        Write(2, [1, 2]);

        Assert.That(Errors, Is.Empty);
    }

    [TestCase(100, ExpectedResult = 101)]
    [TestCase(int.MaxValue, ExpectedResult = int.MaxValue)]
    public int One_more_is_read(int limit) => Answer.OneMoreThan(limit);

    private static void Write(int limit, int[] found, long? all = null) =>
        Answer.WriteFirst(limit, found, shown => Console.WriteLine(string.Join(' ', shown)), all);
}
