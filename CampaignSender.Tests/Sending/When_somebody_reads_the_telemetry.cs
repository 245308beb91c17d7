using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CampaignSender.Contracts;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Replicas;
using CampaignSender.Sandbox.Stages;
using CampaignSender.Tests.Monitoring;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>A real process with everything switched on that tells of its work.</summary>
[TestFixture(BrokerKind.RabbitMq)]
[TestFixture(BrokerKind.Kafka)]
internal sealed partial class When_somebody_reads_the_telemetry(BrokerKind broker) : SendingTest(broker)
{
    private const int Contacts = 30;

    /// <summary>What a message says that should pass for a line of our own.</summary>
    private const string Forged = "A forged line";

    [Test, CancelAfter(60_000)]
    public async Task Nobody_and_no_secret_is_found_in_it(CancellationToken cancellationToken)
    {
        await using var receiver = await TelemetryReceiver.Start(cancellationToken);
        var plan = await Prepare(Contacts, pageSize: 10, cancellationToken);
        var people = plan.ContactIds.Select(SimulatedContact.Ordinary).ToList();
        Scene.Crm.BlockContact(people[0].Id);
        Scene.Crm.RemoveContact(people[1].Id);
        Scene.Crm.Fail(Refusal(people[2]));
        Scene.Crm.LoseAnswers(1);

        await using var replica = await Start(receiver, contactsPercent: 100, cancellationToken);
        await Scene.Broker.Publish(Topics.Send, Malformed(people[3]), cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        var letter = await Scene.Broker.TakeDeadLetter(cancellationToken);
        var metrics = await replica.MetricsText(cancellationToken);
        await replica.Stop(cancellationToken);

        var lines = replica.Log().ToList();
        var told = new Dictionary<string, string>
        {
            ["log"] = string.Join('\n', lines),
            ["metrics"] = metrics,
            ["OTLP traces"] = receiver.Texts("traces"),
            ["OTLP metrics"] = receiver.Texts("metrics"),
            ["OTLP logs"] = receiver.Texts("logs"),
            ["headers of a dead letter"] = string.Join('\n', letter.Headers.Select(header => header.ToString())),
        };
        string[] secrets =
        [
            Scene.Crm.Token,
            .. people.SelectMany(person => new[] { person.Name!, person.Email!, person.PhoneNumber!.TrimStart('+') }),
        ];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(told.Values, Has.None.Empty);
            Assert.That(
                told.SelectMany(each =>
                    secrets.Where(each.Value.Contains).Select(secret => $"{secret} in the {each.Key}")
                ),
                Is.Empty
            );
            Assert.That(lines.Where(IsForged), Is.Empty, "lines that a message has put into the log");
            foreach (var signal in new[] { "OTLP traces", "OTLP metrics", "OTLP logs" })
            {
                Assert.That(
                    told[signal],
                    Does.Contain("campaign-sender")
                        .And.Contain("service.instance.id")
                        .And.Not.Contain("unknown_service"),
                    $"the service in the {signal}"
                );
            }

            foreach (var signal in new[] { "OTLP traces", "OTLP logs" })
            {
                Assert.That(told[signal], Does.Contain(plan.CorrelationId.ToString()), $"the page in the {signal}");
            }

            Assert.That(told["OTLP logs"], Does.Contain($"campaign.batch.processed: page 1 of {plan.CampaignId}"));
            // The one that was removed is asked for, and so is everybody else.
            Assert.That(ContactsIn(told["OTLP traces"]), Is.EqualTo(Contacts), "contacts with their requests");
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_page_is_a_few_spans_and_not_two_for_each_contact(CancellationToken cancellationToken)
    {
        await using var receiver = await TelemetryReceiver.Start(cancellationToken);
        var plan = await Prepare(Contacts, pageSize: Contacts, cancellationToken);
        await using var replica = await Start(
            receiver,
            contactsPercent: 0,
            cancellationToken,
            ("OTEL_SERVICE_NAME", "a-name-of-its-own")
        );
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        await replica.Stop(cancellationToken);

        var traces = receiver.Texts("traces");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(traces, Does.Contain("send contacts").And.Contain("find template").And.Contain("report page"));
            Assert.That(traces, Does.Contain("message_templates"), "a request that is no contact's");
            Assert.That(ContactsIn(traces), Is.Zero);
            Assert.That(traces, Does.Contain("a-name-of-its-own"));
        }
    }

    private Task<Replica> Start(
        TelemetryReceiver receiver,
        int contactsPercent,
        CancellationToken cancellationToken,
        params (string Name, string Value)[] variables
    ) =>
        Replica.Start(
            Scene.HostAssembly,
            Scene.ProcessSettings() with
            {
                Variables = new Dictionary<string, string>([
                    .. receiver.Variables,
                    .. variables.Select(each => KeyValuePair.Create(each.Name, each.Value)),
                ])
                {
                    ["TRACE_CONTACTS_PERCENT"] = $"{contactsPercent}",
                    ["DISPATCH_BACKOFF_BASE_MS"] = "20",
                    // An answer that is lost is waited for so long, and some more.
                    ["DISPATCH_TIMEOUT_MS"] = "1000",
                    ["DISPATCH_SETTLE_MS"] = "200",
                },
            },
            cancellationToken
        );

    /// <summary>An answer that quotes the contact, as the CRM's own do.</summary>
    private static FaultRule Refusal(SimulatedContact person) =>
        new()
        {
            Kind = CrmRequestKind.Post,
            ContactId = person.Id,
            Status = 422,
            Body = JsonSerializer.Serialize(
                new
                {
                    error = new
                    {
                        code = "VALIDATION_ERROR",
                        details = new[] { $"{person.PhoneNumber} is no WhatsApp number" },
                    },
                }
            ),
        };

    /// <summary>No page, but it names somebody and has line breaks in its values and names.</summary>
    private static byte[] Malformed(SimulatedContact person) =>
        Encoding.UTF8.GetBytes(
            JsonSerializer.Serialize(
                new Dictionary<string, string>
                {
                    ["campaignId"] = $"{person.Email}\n{Forged}",
                    [$"extra\n{Forged}"] = person.PhoneNumber!,
                }
            )
        );

    private static bool IsForged(string line) =>
        line.StartsWith(Forged, StringComparison.Ordinal)
        || JsonDocument.Parse(line).RootElement.ValueKind is not JsonValueKind.Object;

    private static int ContactsIn(string traces) =>
        Lookup().Matches(traces).Select(match => match.Value).Distinct().Count();

    [GeneratedRegex("api/v1/contacts/[0-9a-f-]{36}")]
    private static partial Regex Lookup();
}
