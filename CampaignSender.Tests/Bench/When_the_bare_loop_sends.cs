using System.Text.RegularExpressions;
using CampaignSender.Sandbox.Bench;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Tests.Sending;
using NUnit.Framework;

namespace CampaignSender.Tests.Bench;

internal sealed partial class When_the_bare_loop_sends : SendingTest
{
    // What the CRM has to do for both is the same then.
    [Test, CancelAfter(60_000)]
    public async Task Its_requests_are_those_of_the_service_byte_for_byte(CancellationToken cancellationToken)
    {
        IsMeantToRepeat = true;
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);

        var service = await Record(plan, crm => SendWithTheService(plan, crm, cancellationToken));
        var bareLoop = await Record(plan, crm => SendWithTheBareLoop(plan, crm, cancellationToken));

        Assert.That(service, Has.Length.EqualTo(2));
        Assert.That(bareLoop, Is.EqualTo(service));
    }

    /// <summary>The requests about the campaign's contact, without what is another one each time.</summary>
    private async Task<string[]> Record(CampaignPlan plan, Func<Uri, Task> send)
    {
        using var recorder = new RequestRecorder(Scene.Crm.BaseUrl);
        await send(recorder.Url);
        return
        [
            .. recorder
                .Requests.Where(request => request.Contains($"{plan.ContactIds.Single()}", StringComparison.Ordinal))
                .Select(request => Changing().Replace(request, "..."))
                .Order(StringComparer.Ordinal),
        ];
    }

    private async Task SendWithTheService(CampaignPlan plan, Uri crm, CancellationToken cancellationToken)
    {
        // A request that is answered late is not repeated.
        await Scene.StartReplica(
            cancellationToken,
            ("Crm:BaseUrl", crm.AbsoluteUri),
            ("Dispatch:Timeout", "00:00:30"),
            ("Claim:TimeToLive", "00:01:00")
        );
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
    }

    private async Task SendWithTheBareLoop(CampaignPlan plan, Uri crm, CancellationToken cancellationToken)
    {
        using var loop = new BareLoop(
            new BareLoopOptions
            {
                Crm = crm,
                Token = Scene.Crm.Token,
                InboxId = plan.InboxId,
                TemplateId = plan.TemplateId,
                CampaignId = plan.CampaignId,
                Contacts = 1,
                WarmUp = 0,
                Concurrency = 1,
            }
        );
        await loop.Send(plan.ContactIds.Single(), cancellationToken);
    }

    // The time is a few digits shorter where its last ones are zeros.
    [GeneratedRegex(
        """
            (?<=^Host: 127\.0\.0\.1:|^Content-Length: )\d+|(?<="sent_at":"|"dispatch_key":")[^"]+
            """,
        RegexOptions.Multiline
    )]
    private static partial Regex Changing();
}
