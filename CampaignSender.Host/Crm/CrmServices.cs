using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Crm;

internal static class CrmServices
{
    /// <summary>What the old sender calls itself; the CRM's logs and firewalls know it.</summary>
    private const string UserAgent = "EvoAI-Campaign/1.0";

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public static IServiceCollection AddCrm(this IServiceCollection services)
    {
        services.AddSingleton<CrmCondition>();
        services.AddSingleton<CrmCircuit>();
        services.AddSingleton<CrmThrottle>();
        services.AddSingleton<DispatchSlots>();
        services.AddSingleton<DispatchRetry>();
        services.AddSingleton<LegacyTemplateStore>();
        services.AddSingleton<TemplateCatalog>();
        services.AddSingleton<DispatchVerification>();
        services.AddSingleton<ContactDispatcher>();
        services.AddHealthChecks().AddCheck<CrmHealthCheck>("crm", tags: ["ready"]);
        services
            .AddHttpClient<CrmClient>(Configure)
            .UseSocketsHttpHandler((handler, provider) => Configure(handler, provider))
            // One pooled handler lives as long as the service; it renews its connections, and so the CRM's addresses.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        return services;
    }

    private static void Configure(IServiceProvider provider, HttpClient http)
    {
        var crm = provider.GetRequiredService<IOptions<CrmOptions>>().Value;
        http.BaseAddress = WithTrailingSlash(crm.BaseUrl!);
        // Each request has its own limit, see CrmClient.
        http.Timeout = Timeout.InfiniteTimeSpan;
        http.DefaultRequestHeaders.Add("X-Service-Token", crm.ApiToken);
        http.DefaultRequestHeaders.Add("User-Agent", UserAgent);
    }

    private static void Configure(SocketsHttpHandler handler, IServiceProvider provider)
    {
        handler.MaxConnectionsPerServer = provider.GetRequiredService<IOptions<DispatchOptions>>().Value.Concurrency;
        handler.PooledConnectionLifetime = ConnectionLifetime;
        // A redirected POST would be a second POST.
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
    }

    private static Uri WithTrailingSlash(Uri url) =>
        url.AbsoluteUri.EndsWith('/') ? url : new Uri($"{url.AbsoluteUri}/");
}
