using System.CommandLine;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Commands;

internal static class BrokerOption
{
    public static Option<BrokerKind> Create()
    {
        var option = new Option<BrokerKind>("--broker")
        {
            Description = "The broker",
            DefaultValueFactory = _ => BrokerKind.RabbitMq,
        };
        option.AcceptOnlyFromAmong("rabbitmq", "kafka");
        return option;
    }
}
