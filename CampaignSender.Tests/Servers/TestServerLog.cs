using System.Diagnostics;
using CampaignSender.Sandbox.Servers;
using NUnit.Framework;

namespace CampaignSender.Tests.Servers;

/// <summary>Shows what the servers say in the output of the test run.</summary>
internal sealed class TestServerLog : IServerLog
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public void Say(string line) =>
        TestContext.Progress.WriteLine($"{Stopwatch.GetElapsedTime(_start).TotalSeconds:0.0} s  {line}");
}
