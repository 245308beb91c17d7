using System.CommandLine;
using System.Net;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;

namespace CampaignSender.Sandbox.Commands;

internal static class CrmCommand
{
    public static Command Build()
    {
        var address = new Option<IPAddress>("--listen-address")
        {
            Description = "Address to listen on; the loopback address where it is not given",
            DefaultValueFactory = _ => IPAddress.Loopback,
            CustomParser = result =>
            {
                if (IPAddress.TryParse(result.Tokens[0].Value, out var given))
                {
                    return given;
                }

                result.AddError($"--listen-address: expected an IP address, got '{result.Tokens[0].Value}'");
                return null;
            },
        };
        var port = NumberOption.WithDefault("--port", 0, 0, IPEndPoint.MaxPort, "Port; 0 takes a free one");
        var latency = NumberOption.WithDefault("--latency", 0, 0, 600_000, "Milliseconds that every answer takes");
        var token = new Option<string?>("--token") { Description = "The service token that it wants" };
        var inbox = new Option<Guid?>("--inbox") { Description = "A WhatsApp inbox that it has" };
        var template = new Option<Guid?>("--template") { Description = "A message template of that inbox" };
        var command = new Command("crm", "Runs the simulated CRM alone, until it is told to stop.")
        {
            address,
            port,
            latency,
            token,
            inbox,
            template,
        };
        command.SetAction(
            async (arguments, cancellationToken) =>
            {
                var options = new SimulatedCrmOptions
                {
                    Address = arguments.GetValue(address)!,
                    Port = arguments.GetValue(port),
                    Latency = TimeSpan.FromMilliseconds(arguments.GetValue(latency)),
                };
                if (arguments.GetValue(token) is { } wanted)
                {
                    options = options with { Token = wanted };
                }

                await using var crm = await SimulatedCrm.Start(options, cancellationToken);
                crm.Add(
                    new CampaignPlan
                    {
                        InboxId = arguments.GetValue(inbox) ?? Guid.NewGuid(),
                        TemplateId = arguments.GetValue(template) ?? Guid.NewGuid(),
                        ContactIds = [],
                    }
                );
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
