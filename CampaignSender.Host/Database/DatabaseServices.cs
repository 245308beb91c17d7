using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CampaignSender.Host.Database;

internal static class DatabaseServices
{
    public static IServiceCollection AddDatabase(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider =>
            new NpgsqlSlimDataSourceBuilder(
                provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.BuildConnectionString()
            )
            {
                // Of its metrics, which otherwise name it by its connection string.
                Name = "campaign-sender",
            }
                .EnableTransportSecurity()
                .EnableArrays()
                .UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>())
                .RefuseStandbys()
                .Build()
        );
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DatabaseMigrator>(provider));
        services.AddSingleton<DatabaseReadiness>();
        services.AddSingleton<EvoFlowTables>();
        services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("database", tags: ["ready"]);
        return services;
    }
}
