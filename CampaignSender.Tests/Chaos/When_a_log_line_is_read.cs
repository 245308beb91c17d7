using CampaignSender.Sandbox.Chaos;
using NUnit.Framework;

namespace CampaignSender.Tests.Chaos;

internal sealed class When_a_log_line_is_read
{
    private static readonly Guid _campaignId = Guid.NewGuid();

    private static readonly string _line =
        $$"""{"Timestamp":"2026-01-02T03:04:05.678Z","LogLevel":"Information","Message":"Page 3 of campaign {{_campaignId}} is parked"}""";

    [Test]
    public void Its_time_and_its_message_are_known() =>
        Assert.That(
            ReplicaLogLine.TryRead(2, _line),
            Is.EqualTo(
                new ReplicaLogLine(
                    2,
                    new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
                    $"Page 3 of campaign {_campaignId} is parked"
                )
            )
        );

    [Test]
    public void Its_page_is_known() => Assert.That(ReplicaLogLine.Pages(_line), Is.EqualTo(new[] { (_campaignId, 3) }));

    [TestCase("Unhandled exception. System.Exception")]
    [TestCase("{}")]
    [TestCase("[1]")]
    [TestCase("")]
    public void Another_line_is_none(string line) => Assert.That(ReplicaLogLine.TryRead(1, line), Is.Null);
}
