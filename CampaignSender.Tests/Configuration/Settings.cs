using CampaignSender.Host.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace CampaignSender.Tests.Configuration;

/// <summary>A valid set of settings, of which a test changes what it is about.</summary>
internal sealed class Settings
{
    private readonly Dictionary<string, string?> _environment = new()
    {
        ["RABBITMQ_URL"] = "amqp://guest:guest@rabbitmq:5672",
        ["POSTGRES_DB_HOST"] = "postgres",
        ["POSTGRES_DB_USERNAME"] = "evo",
        ["POSTGRES_DB_DATABASE"] = "evo_campaign",
        ["EVOAI_CRM_BASE_URL"] = "https://crm.example.com",
        ["EVOAI_CRM_API_TOKEN"] = "token",
    };

    private readonly Dictionary<string, string?> _keys = [];

    public Settings With(string variable, string? value)
    {
        _environment[variable] = value;
        return this;
    }

    public Settings Without(string variable)
    {
        _environment.Remove(variable);
        return this;
    }

    public Settings WithKey(string key, string? value)
    {
        _keys[key] = value;
        return this;
    }

    public ServiceProvider Services()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(_keys)
            .AddCampaignSenderEnvironment(_environment)
            .Build();
        return new ServiceCollection().AddCampaignSenderOptions(configuration).BuildServiceProvider();
    }

    public TOptions Read<TOptions>()
        where TOptions : class
    {
        using var services = Services();
        return services.GetRequiredService<IOptions<TOptions>>().Value;
    }

    /// <summary>What the host does before it starts anything.</summary>
    public void Start()
    {
        using var services = Services();
        services.GetRequiredService<IStartupValidator>().Validate();
    }

    /// <summary>The faults that stop the start, one per line of the message.</summary>
    public IReadOnlyCollection<string> Faults()
    {
        var stopped = Assert.Throws<InvalidConfigurationException>(Start)!;
        Assert.That(stopped.Faults, Is.All.Matches<string>(fault => stopped.Message.Contains(fault)));
        return stopped.Faults;
    }

    /// <summary>Starts a real host with these settings, to see that it stops at them.</summary>
    public async Task StartHost(CancellationToken cancellationToken)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(_keys).AddCampaignSenderEnvironment(_environment);
        builder.Services.AddCampaignSenderOptions(builder.Configuration);
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        await host.StopAsync(cancellationToken);
    }
}
