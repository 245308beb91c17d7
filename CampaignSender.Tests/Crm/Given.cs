using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using CampaignSender.Contracts;
using CampaignSender.Host.Crm;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CampaignSender.Tests.Crm;

/// <summary>Valid defaults, of which a test overrides what it is about.</summary>
internal static class Given
{
    public static Guid InboxId { get; } = Guid.Parse("11111111-aaaa-4bbb-8ccc-000000000001");
    public static Guid OtherInboxId { get; } = Guid.Parse("11111111-aaaa-4bbb-8ccc-000000000002");
    public static Guid ContactId { get; } = Guid.Parse("22222222-aaaa-4bbb-8ccc-000000000001");

    /// <summary>To somebody who only looks like a CRM.</summary>
    public static CrmConnections Connections(string baseUrl, IServiceProvider services) =>
        new(
            Options.Create(new CrmOptions { BaseUrl = new Uri(baseUrl), ApiToken = "token" }),
            Options.Create(new DispatchOptions()),
            services.GetRequiredService<IMeterFactory>()
        );

    public static CrmContact Contact { get; } =
        new()
        {
            Id = ContactId,
            Name = "Ana Souza",
            Email = "ana@example.com",
            PhoneNumber = "+5511999990001",
        };

    public static CrmTemplate Template { get; } =
        new()
        {
            Id = "55555555-aaaa-4bbb-8ccc-000000000001",
            Name = "offer",
            Content = "Hello {{contact.name}}",
            Language = "pt_BR",
            Category = "MARKETING",
            Variables = ["name"],
        };

    public static DispatchOrder Order { get; } =
        new()
        {
            CampaignId = Guid.Parse("33333333-aaaa-4bbb-8ccc-000000000001"),
            InboxId = InboxId,
            Channel = ChannelType.Whatsapp,
            Template = Template,
            ContactId = ContactId,
            DispatchKey = Guid.Parse("44444444-aaaa-4bbb-8ccc-000000000001"),
            UncertainFor = null,
            ReasonAgainst = _ => ValueTask.FromResult<string?>(null),
            MayDispatch = _ => ValueTask.FromResult(true),
            MayStillBeWritten = static _ => true,
        };

    public static CrmContactInbox Inbox(Guid inboxId, string? sourceId) =>
        new() { SourceId = sourceId, Inbox = Json($$"""{"id":"{{inboxId}}"}""") };

    public static CrmContact ContactWith(string customAttributes) =>
        Contact with
        {
            CustomAttributes = Json(customAttributes),
        };

    public static JsonElement Json(string json) => JsonElement.Parse(json);

    public static ReadOnlyMemory<byte> Body(string text) => Encoding.UTF8.GetBytes(text);
}
