using System.Net.Sockets;
using CampaignSender.Host.Validation;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Validation;

public sealed class When_a_fault_is_logged
{
    private static readonly NpgsqlException Outage = new(
        "Failed to connect to 10.0.0.1:5432",
        new SocketException((int)SocketError.ConnectionRefused)
    );

    private static readonly InvalidOperationException Surprise = new("Sequence contains no elements");

    [Test]
    public void An_outage_is_told_with_its_cause_and_without_a_stack()
    {
        Assert.That(FaultLog.CauseOf(Outage), Is.EqualTo("Failed to connect to 10.0.0.1:5432: Connection refused"));
        Assert.That(FaultLog.StackOf(Outage), Is.Null);
    }

    [Test]
    public void What_is_not_expected_keeps_its_stack()
    {
        Assert.That(FaultLog.CauseOf(Surprise), Is.EqualTo(Surprise.Message));
        Assert.That(FaultLog.StackOf(Surprise), Is.SameAs(Surprise));
    }
}
