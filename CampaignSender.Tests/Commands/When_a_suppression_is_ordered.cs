using CampaignSender.Host.Commands;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

internal sealed class When_a_suppression_is_ordered
{
    private const string ContactId = "11111111-aaaa-4bbb-8ccc-000000000001";

    [TestCase("add", ContactId, "--reason", "asked us")]
    [TestCase("add", ContactId, "--reason", "asked us", "--channel", "sms", "--days", "30")]
    [TestCase("add", ContactId, "--reason", "asked us", "--channel", "*", "--until", "2999-12-31T18:00:00+02:00")]
    [TestCase("remove", ContactId)]
    [TestCase("remove", ContactId, "--channel", "WhatsApp")]
    [TestCase("list")]
    [TestCase("list", "--contact", ContactId, "--limit", "5", "--json")]
    [TestCase("import", "-", "--dry-run")]
    public void It_is_understood(params string[] arguments) => Assert.That(Errors(arguments), Is.Empty);

    [TestCase("--channel: expected whatsapp, email, sms, or * for every channel", "--channel", "fax")]
    [TestCase("--days: expected a whole number from 1 to 36500, got 0", "--days", "0")]
    [TestCase("--until: expected without --days", "--days", "1", "--until", "2999-12-31")]
    [TestCase("--until: expected a date or time", "--until", "soon")]
    [TestCase("and one to come", "--until", "2020-01-01")]
    public void A_fault_says_what_was_expected(string expected, params string[] options) =>
        Assert.That(Errors(["add", ContactId, "--reason", "asked us", .. options]), Has.Exactly(1).Contains(expected));

    [TestCase("")]
    [TestCase("two\nlines")]
    public void A_reason_that_cannot_be_kept_is_refused(string reason) =>
        Assert.That(
            Errors("add", ContactId, "--reason", reason),
            Has.Exactly(1).Contains("--reason: expected 1 to 200 characters")
        );

    private static List<string> Errors(params string[] arguments) =>
        [.. CommandLine.Build().Parse(["suppression", .. arguments]).Errors.Select(error => error.Message)];
}
