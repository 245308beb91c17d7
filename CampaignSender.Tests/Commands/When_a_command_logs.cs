using CampaignSender.Host.Commands;
using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

internal sealed class When_a_command_logs
{
    [TestCase("Information", LogLevel.Information, false)]
    [TestCase("Debug", LogLevel.Information, false)]
    [TestCase("Information", LogLevel.Warning, true)]
    [TestCase("Debug", LogLevel.Error, true)]
    [TestCase("Error", LogLevel.Warning, false)]
    public void Only_warnings_and_worse_stand_beside_the_answer(string setting, LogLevel level, bool isLogged)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = setting,
            ["Logging:LogLevel:CampaignSender.Host"] = setting,
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddSenderLogging(configuration))
            .AddQuietLogging()
            .BuildServiceProvider();
        var loggers = services.GetRequiredService<ILoggerFactory>();

        Assert.That(loggers.CreateLogger("CampaignSender.Host.Any").IsEnabled(level), Is.EqualTo(isLogged));
        Assert.That(loggers.CreateLogger("Somebody.Else").IsEnabled(level), Is.EqualTo(isLogged));
    }
}
