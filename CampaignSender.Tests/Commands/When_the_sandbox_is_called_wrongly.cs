using System.CommandLine;
using System.Text.RegularExpressions;
using CampaignSender.Sandbox.Commands;
using NUnit.Framework;

namespace CampaignSender.Tests.Commands;

internal sealed partial class When_the_sandbox_is_called_wrongly
{
    [TestCase("load --contacts many", "--contacts: expected a whole number from 1")]
    [TestCase("load --contacts 0", "--contacts: expected a whole number from 1")]
    [TestCase("bench --concurrencies 16,64", "--concurrencies: expected a whole number from 1")]
    [TestCase("bench --latencies 0 x", "--latencies: expected a whole number from 0")]
    [TestCase("load --drop-share much", "--drop-share: expected a number from 0 to 1, got much")]
    [TestCase("chaos --drop-share 1.5", "--drop-share: expected a number from 0 to 1, got 1.5")]
    [TestCase("load --broker nats", "--broker: expected one of rabbitmq, kafka, got nats")]
    [TestCase("bench --brokers rabbitmq|kafka", "--brokers: expected one of rabbitmq, kafka, got rabbitmq|kafka")]
    [TestCase("chaos --seed x", "--seed: expected a whole number from 0")]
    [TestCase("load --host nowhere.dll", "--host: expected the published service, found nothing at ")]
    [TestCase("load --report nowhere/load.json", "--report: expected a file in a folder that exists")]
    [TestCase("bench --table nowhere/table.md", "--table: expected a file in a folder that exists")]
    [TestCase("crm --port 70000", "--port: expected a whole number from 0 to 65535")]
    [TestCase("crm --listen-address here", "--listen-address: expected an IP address, got 'here'")]
    public void It_is_said_what_was_expected(string line, string expected)
    {
        var errors = CommandLine.Build().Parse(line).Errors.Select(error => error.Message).ToList();

        Assert.That(string.Join('\n', errors), Does.Contain(expected));
    }

    [TestCase("bench --concurrencies 16 64 --senders 2")]
    [TestCase("bench --concurrencies 16 --concurrencies 64")]
    [TestCase("load --contacts 5000 --crm-latency 0")]
    [TestCase("load --broker RabbitMq")]
    [TestCase("bench --brokers Kafka RABBITMQ")]
    public void What_is_right_is_taken(string line) => Assert.That(CommandLine.Build().Parse(line).Errors, Is.Empty);

    [TestCase("bench", "The service on each of these; several are separated by spaces [default: rabbitmq kafka]")]
    [TestCase("bench", "takes for an answer; several are separated by spaces [default: 0 20 100]")]
    [TestCase("load", "The broker, rabbitmq if not given")]
    public void The_help_shows_what_can_be_typed(string command, string expected)
    {
        var help = new StringWriter();

        CommandLine.Build().Parse($"{command} --help").Invoke(new InvocationConfiguration { Output = help });

        // Where a line is broken is the width's decision.
        Assert.That(Spaces().Replace(help.ToString(), " "), Does.Contain(expected));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
