using CampaignSender.Sandbox.Chaos;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Tests.Chaos;

/// <summary>Options of a run that nobody runs.</summary>
internal static class Options
{
    public static ChaosOptions Of(int faults = 60, int seed = 1, int contacts = 2_000) =>
        new()
        {
            Broker = BrokerKind.RabbitMq,
            Contacts = contacts,
            PageSize = 100,
            Replicas = 3,
            Faults = faults,
            Seed = seed,
            Duration = TimeSpan.FromSeconds(2 * faults),
            DropShare = 0,
            CrmOutage = TimeSpan.Zero,
            Timeout = TimeSpan.FromMinutes(1),
            Variables = new Dictionary<string, string>(),
            HostAssembly = "nowhere.dll",
        };
}
