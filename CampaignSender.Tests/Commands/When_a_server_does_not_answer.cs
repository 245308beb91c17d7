using CampaignSender.Host.Commands;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

internal sealed class When_a_server_does_not_answer : ConsoleTest
{
    /// <summary>RabbitMQ's client gives up a request without an answer by cancelling it.</summary>
    [Test]
    public async Task The_command_says_so()
    {
        var exitCode = await CommandHost.Run(_ => { }, _ => throw new OperationCanceledException());

        Assert.That(Errors.Trim(), Is.EqualTo("A server has not answered in time"));
        Assert.That(exitCode, Is.EqualTo(ExitCodes.Failure));
    }
}
