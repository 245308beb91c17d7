using CampaignSender.Host;
using CampaignSender.Host.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CampaignSender.Tests.Sending;

/// <summary>The whole service, in this process.</summary>
internal sealed class RunningReplica : IAsyncDisposable
{
    private readonly WebApplication _application;

    private RunningReplica(WebApplication application, LogLines log)
    {
        _application = application;
        Log = log;
        Http = new HttpClient();
    }

    public LogLines Log { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _application.Services;

    /// <summary>Starts it and waits until it consumes.</summary>
    public static async Task<RunningReplica> Start(
        IReadOnlyDictionary<string, string?> settings,
        CancellationToken cancellationToken,
        TimeProvider? time = null
    )
    {
        var replica = await StartOnly(settings, cancellationToken, time);
        await replica.Services.GetRequiredService<StartSignal>().Consuming.WaitAsync(cancellationToken);
        return replica;
    }

    /// <summary>Starts it without waiting for its servers.</summary>
    public static async Task<RunningReplica> StartOnly(
        IReadOnlyDictionary<string, string?> settings,
        CancellationToken cancellationToken,
        TimeProvider? time = null
    )
    {
        var log = new LogLines();
        var application = SenderApplication.Build(builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Services.AddSingleton(time ?? TimeProvider.System);
            builder.Logging.ClearProviders().AddProvider(log);
        });
        await application.StartAsync(cancellationToken);
        var replica = new RunningReplica(application, log);
        replica.Http.BaseAddress = new Uri(application.Urls.First());
        return replica;
    }

    /// <summary>An orderly stop, as after SIGTERM.</summary>
    public Task Stop(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }
}
