using System.Text;
using CampaignSender.Contracts;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;

namespace CampaignSender.Sandbox.Chaos;

/// <summary>
/// The campaigns of a run, the same for the same seed. Some contacts are missing or blocked in the CRM, some occur twice in
/// one campaign, and two campaigns share an inbox and contacts: a message of the one must not pass for the other's.
/// </summary>
internal sealed class ChaosCampaigns
{
    /// <summary>The campaign that is stopped for good.</summary>
    public const int Stopped = 3;

    private const double ShareMissing = 0.01;
    private const double ShareBlocked = 0.005;
    private const double ShareTwice = 0.005;
    private const double StoppedUntil = 0.4;

    private static readonly (string Title, ChannelType Channel, double Share)[] _outlines =
    [
        ("steady", ChannelType.Whatsapp, 0.4),
        ("newsletter", ChannelType.Email, 0.25),
        ("follow-up", ChannelType.Whatsapp, 0.2),
        ("stopped", ChannelType.Whatsapp, 0.15),
    ];

    private readonly Random _random;
    private readonly Dictionary<Guid, ContactFate> _fates = [];
    private readonly CampaignPlan[] _plans;
    private readonly bool _isOneStopped;

    public ChaosCampaigns(ChaosOptions options)
    {
        // Another sequence than the plan's, so that the faults stay the same whatever the campaigns are.
        _random = new Random(options.Seed ^ 0x5eed);
        _plans = [.. Draw(options)];
        _isOneStopped = options.StopsCampaign;
        Poison = [.. PoisonMessages()];
    }

    /// <summary>Those that are paused now and then.</summary>
    public static IReadOnlyList<int> Pausable { get; } = [1, 2];

    public IReadOnlyList<CampaignPlan> Plans => _plans;

    /// <summary>Messages that belong into the dead letters, each of them different.</summary>
    public IReadOnlyList<PoisonMessage> Poison { get; }

    public CampaignPlan this[int number] => _plans[number];

    /// <summary>Whether every contact of it must have its verdict in the end.</summary>
    public bool MustFinish(CampaignPlan plan) => !_isOneStopped || plan != _plans[Stopped];

    public ContactFate FateOf(Guid contactId) => _fates.GetValueOrDefault(contactId, ContactFate.Reachable);

    public void IntroduceTo(SimulatedCrm crm)
    {
        foreach (var plan in _plans)
        {
            crm.Add(plan);
        }

        foreach (var (contactId, fate) in _fates)
        {
            if (fate is ContactFate.Missing)
            {
                crm.RemoveContact(contactId);
            }
            else
            {
                crm.BlockContact(contactId);
            }
        }
    }

    /// <summary>All messages for <c>campaigns.send</c> in the order in which they are published.</summary>
    public IReadOnlyList<PlannedMessage> Messages()
    {
        var placed = _plans
            .SelectMany(plan => plan.Pages())
            .Select(page => (Message: new PlannedMessage(MessageWriter.Write(page), page), Place: Place(page)))
            .Concat(
                Poison.Select(poison => (Message: new PlannedMessage(poison.Body, null), Place: _random.NextDouble()))
            );
        return [.. placed.OrderBy(each => each.Place).Select(each => each.Message)];
    }

    /// <summary>Where a page comes in the order, 0 to 1: those of the campaign that is stopped before that happens.</summary>
    private double Place(CampaignsSend page) =>
        _random.NextDouble() * (page.CampaignId == _plans[Stopped].CampaignId ? StoppedUntil : 1);

    private IEnumerable<CampaignPlan> Draw(ChaosOptions options)
    {
        Guid? inbox = null;
        IReadOnlyList<Guid> earlier = [];
        foreach (var (number, (title, channel, share)) in _outlines.Index())
        {
            var count = Math.Max(1, (int)(share * options.Contacts));
            // The follow-up goes to contacts of the first campaign, by the same inbox.
            var isFollowUp = number == 2;
            var contacts = isFollowUp ? [.. earlier.Take(count)] : NewContacts(count);
            var plan = new CampaignPlan
            {
                CampaignId = NextId(),
                InboxId = isFollowUp ? inbox!.Value : NextId(),
                TemplateId = NextId(),
                CorrelationId = NextId(),
                Title = title,
                Channel = channel,
                PageSize = options.PageSize,
                ContactIds = WithRepetitions(contacts),
            };
            if (number == 0)
            {
                inbox = plan.InboxId;
                earlier = contacts;
            }

            yield return plan;
        }
    }

    private List<Guid> NewContacts(int count)
    {
        var contacts = new List<Guid>(count);
        for (var number = 0; number < count; number++)
        {
            var contactId = NextId();
            contacts.Add(contactId);
            if (_random.NextDouble() is var draw && draw < ShareMissing + ShareBlocked)
            {
                _fates[contactId] = draw < ShareMissing ? ContactFate.Missing : ContactFate.Blocked;
            }
        }

        return contacts;
    }

    private List<Guid> WithRepetitions(List<Guid> contacts)
    {
        var all = new List<Guid>(contacts);
        for (var repetition = 0; repetition < ShareTwice * contacts.Count; repetition++)
        {
            all.Insert(_random.Next(all.Count), contacts[_random.Next(contacts.Count)]);
        }

        return all;
    }

    private IEnumerable<PoisonMessage> PoisonMessages()
    {
        const string Malformed = "malformed_payload";
        var page = _plans[0].Pages().First();
        yield return new(Text($"{{ \"campaignId\": \"{page.CampaignId}\", this is no JSON"), Malformed);
        yield return new([0xff, 0x00, 0xfe, 0x01], Malformed);
        yield return new(Text($"{{\"campaignId\":\"{page.CampaignId}\",\"page\":1,\"totalPages\":1}}"), Malformed);
        yield return new(MessageWriter.Write(page with { Page = page.TotalPages + 1 }), Malformed);
        yield return new(MessageWriter.Write(page with { CampaignId = NextId() }), "unknown_campaign");
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private Guid NextId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        // Version 4, which the rules of the messages want of a correlation id.
        bytes[7] = (byte)((bytes[7] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes);
    }
}
