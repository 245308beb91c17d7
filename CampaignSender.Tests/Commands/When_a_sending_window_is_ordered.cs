using CampaignSender.Host.Commands;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

internal sealed class When_a_sending_window_is_ordered
{
    private const string CampaignId = "11111111-aaaa-4bbb-8ccc-000000000001";

    [TestCase("show")]
    [TestCase("show", "--campaign", CampaignId)]
    [TestCase("set", "--zone", "America/Sao_Paulo", "--hours", "mon-fri 09:00-20:00")]
    [TestCase(
        "set",
        "--zone",
        "UTC",
        "--hours",
        "mon 09:00-20:00",
        "--hours",
        "sat 10:00-12:00",
        "--holiday",
        "2999-12-25"
    )]
    [TestCase("clear", "--campaign", CampaignId)]
    public void It_is_understood(params string[] arguments) => Assert.That(Errors(arguments), Is.Empty);

    [TestCase("expected a time zone such as", "Sao Paulo", "mon 09:00-20:00", "2026-12-25")]
    [TestCase("expected days and hours such as", "UTC", "from nine to five", "2026-12-25")]
    [TestCase("expected a day such as", "UTC", "mon 09:00-20:00", "Christmas")]
    public void A_fault_says_what_was_expected(string expected, string zone, string hours, string holiday) =>
        Assert.That(
            Errors("set", "--zone", zone, "--hours", hours, "--holiday", holiday),
            Has.Exactly(1).Contains(expected)
        );

    private static List<string> Errors(params string[] arguments) =>
        [.. CommandLine.Build().Parse(["window", .. arguments]).Errors.Select(error => error.Message)];
}
