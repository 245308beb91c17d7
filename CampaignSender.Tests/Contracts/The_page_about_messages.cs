using System.Text.Json.Nodes;
using CampaignSender.Contracts;
using NJsonSchema;
using NUnit.Framework;
using YamlDotNet.Serialization;

namespace CampaignSender.Tests.Contracts;

/// <summary><c>docs/asyncapi.yaml</c>, held to what is read and written.</summary>
internal sealed class The_page_about_messages
{
    private static readonly JsonNode Page = Read();

    [Test]
    public void Names_every_topic() =>
        Assert.That(
            Page["channels"]!.AsObject().Select(channel => channel.Value!["address"]!.GetValue<string>()),
            Is.EquivalentTo([Topics.Send, Topics.Tracked, Topics.Control, Topics.Pack, Topics.SendDeadLetters])
        );

    [TestCaseSource(nameof(Messages))]
    public async Task Describes_what_is_written(string name, byte[] body)
    {
        var schema = await Schema(name);
        var message = JsonNode.Parse(body)!.AsObject();

        Assert.That(schema.Validate(message.ToJsonString()), Is.Empty);
        foreach (var (field, _) in message.ToList())
        {
            var changed = JsonNode.Parse(body)!.AsObject();
            changed.Remove(field);
            Assert.That(schema.Validate(changed.ToJsonString()), field is "packKey" ? Is.Empty : Is.Not.Empty, field);
        }

        message["extra"] = true;
        Assert.That(schema.Validate(message.ToJsonString()), Is.Not.Empty);
    }

    private static IEnumerable<TestCaseData> Messages()
    {
        var campaignId = Guid.NewGuid();
        yield return Case(
            new CampaignsSend
            {
                CampaignId = campaignId,
                Page = 1,
                TotalPages = 2,
                ContactIds = [Guid.NewGuid()],
                TemplateId = Guid.NewGuid(),
                ChannelType = ChannelType.Email,
                PackKey = "key",
                CorrelationId = Guid.NewGuid(),
            }
        );
        yield return Case(
            new CampaignsTracked
            {
                CampaignId = campaignId,
                Page = 2,
                SentCount = 3,
                FailedCount = 0,
                Completed = true,
                CorrelationId = Guid.NewGuid(),
            }
        );
        yield return Case(
            new CampaignsControl
            {
                CampaignId = campaignId,
                Action = ControlAction.Resume,
                CorrelationId = Guid.NewGuid(),
            }
        );
        yield return Case(
            new CampaignsPack
            {
                CampaignId = campaignId,
                TriggeredAt = new DateTimeOffset(2026, 11, 27, 9, 0, 0, TimeSpan.FromHours(-3)),
                TriggeredBy = PackTrigger.Recurrence,
                CorrelationId = Guid.NewGuid(),
            }
        );
    }

    private static TestCaseData Case<T>(T message)
        where T : class =>
        new TestCaseData(typeof(T).Name, MessageWriter.Write(message)).SetArgDisplayNames(typeof(T).Name);

    private static Task<JsonSchema> Schema(string name)
    {
        // Where the library looks for what is referred to.
        const string Definitions = "#/definitions/";
        var schemas = Page["components"]!["schemas"]!
            .ToJsonString()
            .Replace("#/components/schemas/", Definitions, StringComparison.Ordinal);
        var document = new JsonObject
        {
            ["definitions"] = JsonNode.Parse(schemas),
            ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = Definitions + name }),
        };
        return JsonSchema.FromJsonAsync(document.ToJsonString());
    }

    private static JsonNode Read()
    {
        var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var json = new SerializerBuilder().JsonCompatible().Build();
        return JsonNode.Parse(
            json.Serialize(yaml.Deserialize(File.ReadAllText(Repository.PathOf("docs/asyncapi.yaml"))))
        )!;
    }
}
