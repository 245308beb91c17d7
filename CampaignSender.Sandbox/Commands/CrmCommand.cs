using System.CommandLine;
using CampaignSender.Sandbox.Crm;

namespace CampaignSender.Sandbox.Commands;

internal static class CrmCommand
{
    public static Command Build()
    {
        var port = new Option<int>("--port") { Description = "Port on the loopback address; 0 takes a free one" };
        var latency = new Option<int>("--latency") { Description = "Milliseconds that every answer takes" };
        var token = new Option<string?>("--token") { Description = "The service token that it wants" };
        var command = new Command("crm", "Runs the simulated CRM alone, until it is told to stop.")
        {
            port,
            latency,
            token,
        };
        command.SetAction(
            async (arguments, cancellationToken) =>
            {
                var options = new SimulatedCrmOptions
                {
                    Port = arguments.GetValue(port),
                    Latency = TimeSpan.FromMilliseconds(arguments.GetValue(latency)),
                };
                if (arguments.GetValue(token) is { } wanted)
                {
                    options = options with { Token = wanted };
                }

                await using var crm = await SimulatedCrm.Start(options, cancellationToken);
                Console.WriteLine($"EVOAI_CRM_BASE_URL={crm.BaseUrl}");
                Console.WriteLine($"EVOAI_CRM_API_TOKEN={crm.Token}");
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return 0;
            }
        );
        return command;
    }
}
