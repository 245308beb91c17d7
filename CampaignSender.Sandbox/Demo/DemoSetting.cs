using System.Text;
using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;

namespace CampaignSender.Sandbox.Demo;

/// <summary>The campaigns of the demo, and what is wrong with some of their contacts and messages.</summary>
internal sealed class DemoSetting
{
    private const int Missing = 25;
    private const int Blocked = 15;
    private const int WithoutPhone = 10;
    private const double ShareOfFaults = 0.02;

    public CampaignPlan BlackFriday { get; } =
        new()
        {
            Title = "Black Friday (WhatsApp)",
            ContactIds = CampaignPlan.NewContacts(3_500),
            PageSize = 250,
        };

    public CampaignPlan Newsletter { get; } =
        new()
        {
            Title = "Newsletter (e-mail)",
            Channel = ChannelType.Email,
            ContactIds = CampaignPlan.NewContacts(1_500),
            PageSize = 250,
        };

    public IReadOnlyList<CampaignPlan> Campaigns => [BlackFriday, Newsletter];

    /// <summary>Each of them ends in the dead-letter queue.</summary>
    public IReadOnlyList<byte[]> InvalidMessages =>
        [
            "{ this is no JSON"u8.ToArray(),
            [0xff, 0x00, 0xfe, 0x01],
            Encoding.UTF8.GetBytes($$"""{"campaignId":"{{BlackFriday.CampaignId}}","page":3,"totalPages":1}"""),
            MessageWriter.Write(BlackFriday.Pages().First() with { CampaignId = Guid.NewGuid() }),
            MessageWriter.Write(Newsletter.Pages().First() with { Page = 9, TotalPages = 6 }),
        ];

    public IEnumerable<Guid> Reachable(CampaignPlan plan) =>
        plan == BlackFriday ? plan.ContactIds.Skip(Missing + Blocked + WithoutPhone) : plan.ContactIds;

    public void Prepare(SimulatedCrm crm)
    {
        foreach (var campaign in Campaigns)
        {
            crm.Add(campaign);
        }

        var troubled = BlackFriday.ContactIds;
        foreach (var contactId in troubled.Take(Missing))
        {
            crm.RemoveContact(contactId);
        }

        foreach (var contactId in troubled.Skip(Missing).Take(Blocked))
        {
            crm.BlockContact(contactId);
        }

        foreach (var contactId in troubled.Skip(Missing + Blocked).Take(WithoutPhone))
        {
            crm.Set(SimulatedContact.Ordinary(contactId) with { PhoneNumber = null });
        }

        crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = 503,
                Share = ShareOfFaults,
            }
        );
    }
}
