namespace CampaignSender.Host.Crm;

internal static class CrmServices
{
    public static IServiceCollection AddCrm(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<CrmConnections>();
        services.AddSingleton<CrmClient>();
        services.AddSingleton<CrmCondition>();
        services.AddSingleton<CrmCircuit>();
        services.AddSingleton<CrmThrottle>();
        services.AddSingleton<DispatchSlots>();
        services.AddSingleton<DispatchRetry>();
        services.AddSingleton<LegacyTemplateStore>();
        services.AddSingleton<TemplateCatalog>();
        services.AddSingleton<DispatchVerification>();
        services.AddSingleton<DispatchVerdicts>();
        services.AddSingleton<ContactDispatcher>();
        services.AddHealthChecks().AddCheck<CrmHealthCheck>("crm", tags: ["ready"]);
        return services;
    }
}
