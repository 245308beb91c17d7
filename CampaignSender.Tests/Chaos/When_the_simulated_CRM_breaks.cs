using System.Net;
using System.Net.Http.Json;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Tests.Servers;
using NUnit.Framework;

namespace CampaignSender.Tests.Chaos;

internal sealed class When_the_simulated_CRM_breaks
{
    private static readonly string[] _refusedAndTaken = ["refused, 503", "201"];

    private readonly CampaignPlan _plan = new() { ContactIds = CampaignPlan.NewContacts(1) };
    private SimulatedCrm _crm = null!;
    private HttpClient _http = null!;

    [SetUp]
    public async Task Start()
    {
        _crm = await SimulatedCrm.Start(
            new SimulatedCrmOptions
            {
                // A port that nobody else is given while it is away.
                Port = FreePort.Pick(),
                KeepsJournal = true,
            },
            CancellationToken.None
        );
        _crm.Add(_plan);
        _http = new HttpClient { BaseAddress = _crm.BaseUrl };
        _http.DefaultRequestHeaders.Add("X-Service-Token", _crm.Token);
    }

    [TearDown]
    public async Task End()
    {
        _http.Dispose();
        await _crm.DisposeAsync();
    }

    [Test, CancelAfter(30_000)]
    public async Task It_refuses_connections_and_comes_back_with_its_messages(CancellationToken cancellationToken)
    {
        await Post(cancellationToken);

        await _crm.StopListening();
        Assert.That(
            async () => await Post(cancellationToken),
            Throws
                .InstanceOf<HttpRequestException>()
                .With.Property(nameof(HttpRequestException.HttpRequestError))
                .EqualTo(HttpRequestError.ConnectionError)
        );

        await _crm.Listen(cancellationToken);
        await Post(cancellationToken);
        Assert.That(_crm.Messages(_plan.CampaignId), Has.Count.EqualTo(2));
    }

    [Test, CancelAfter(30_000)]
    public async Task It_cuts_its_answer_after_the_headers_and_keeps_the_message(CancellationToken cancellationToken)
    {
        var rule = new FaultRule
        {
            Kind = CrmRequestKind.Post,
            IsCarriedOut = true,
            IsCutAfterHeaders = true,
        };
        _crm.Fail(rule);

        using var response = await _http.SendAsync(
            Request(),
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(
            async () => await response.Content.ReadAsStringAsync(cancellationToken),
            Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>()
        );
        Assert.That(_crm.Messages(_plan.CampaignId), Has.Count.EqualTo(1));

        _crm.StopFailing(rule);
        await Post(cancellationToken);
    }

    [Test, CancelAfter(30_000)]
    public async Task It_notes_what_it_answered_to_whom(CancellationToken cancellationToken)
    {
        _crm.FailPosts(503, times: 1);
        await _http.SendAsync(Request(), cancellationToken);
        await Post(cancellationToken);

        // It is noted when the answer has gone.
        await Eventually.Holds(() => _crm.Journal.Count == 2, cancellationToken);
        Assert.That(_crm.Journal.Select(entry => entry.Answer), Is.EqualTo(_refusedAndTaken));
        Assert.That(_crm.Journal.Select(entry => entry.ContactId), Is.All.EqualTo(_plan.ContactIds[0]));
    }

    private async Task Post(CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(Request(), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private HttpRequestMessage Request() =>
        new(HttpMethod.Post, "api/v1/conversations")
        {
            Content = JsonContent.Create(
                new
                {
                    inbox_id = _plan.InboxId,
                    contact_id = _plan.ContactIds[0],
                    message = new
                    {
                        content = "Hello",
                        content_attributes = new { campaign_id = _plan.CampaignId },
                        template_params = new { dispatch_key = Guid.NewGuid(), processed_params = new { } },
                    },
                }
            ),
        };
}
