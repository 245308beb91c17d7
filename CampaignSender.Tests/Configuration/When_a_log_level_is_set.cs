using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace CampaignSender.Tests.Configuration;

public sealed class When_a_log_level_is_set
{
    [TestCase("Microsoft", "Microsoft.AspNetCore.Any")]
    [TestCase("System", "System.Net.Http.Any")]
    [TestCase("Npgsql", "Npgsql.Command")]
    [TestCase("MassTransit.ReceiveTransport", "MassTransit.ReceiveTransport")]
    [TestCase("Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Diagnostics.HealthChecks.Any")]
    public void It_holds_where_the_service_would_be_silent_by_itself(string key, string category)
    {
        Assert.That(IsLogged(category, LogLevel.Debug), Is.False);
        Assert.That(IsLogged(category, LogLevel.Debug, ($"Logging:LogLevel:{key}", "Debug")), Is.True);
    }

    [Test]
    public void What_is_said_of_all_does_not_wake_those_that_are_silent()
    {
        var all = ("Logging:LogLevel:Default", "Debug");

        Assert.That(IsLogged("CampaignSender.Host.Any", LogLevel.Debug, all), Is.True);
        Assert.That(IsLogged("Npgsql.Command", LogLevel.Debug, all), Is.False);
    }

    private static bool IsLogged(string category, LogLevel level, params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value))
            .Build();
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddSenderLogging(configuration))
            .BuildServiceProvider();
        return services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(level);
    }
}
