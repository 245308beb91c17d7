using System.Text;
using CampaignSender.Host.Suppression;
using CampaignSender.Tests.Database;
using NUnit.Framework;

namespace CampaignSender.Tests.Suppression;

internal sealed class When_a_list_is_imported : DatabaseTest
{
    private const string Header = "contact_id,channel,reason,expires_at\n";

    private readonly List<SuppressionFault> _faults = [];
    private SuppressionStore _store = null!;

    [SetUp]
    public async Task Begin()
    {
        _faults.Clear();
        _store = new SuppressionStore(Source);
        await Execute("TRUNCATE campaign_sender_suppressions", new { }, CancellationToken.None);
    }

    [Test, CancelAfter(20_000)]
    public async Task Every_column_is_kept(CancellationToken cancellationToken)
    {
        var contactId = Guid.NewGuid();

        await Import($"{Header}{contactId},sms,asked us,2099-01-31T12:00:00+02:00\n", cancellationToken);

        var entry = (await All(cancellationToken)).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((entry.ContactId, entry.Channel, entry.Reason), Is.EqualTo((contactId, "sms", "asked us")));
            Assert.That(entry.ExpiresAt, Is.EqualTo(new DateTime(2099, 1, 31, 10, 0, 0, DateTimeKind.Utc)));
            Assert.That(entry.IsExpired, Is.False);
        }
    }

    [TestCase("")]
    [TestCase("*")]
    [CancelAfter(20_000)]
    public async Task No_channel_is_every_channel_and_no_time_is_for_ever(
        string channel,
        CancellationToken cancellationToken
    )
    {
        await Import($"{Header}{Guid.NewGuid()},{channel},asked us,\n", cancellationToken);

        var entry = (await All(cancellationToken)).Single();
        Assert.That((entry.Channel, entry.ExpiresAt), Is.EqualTo(("*", (DateTime?)null)));
    }

    [Test, CancelAfter(20_000)]
    public async Task It_may_come_as_spreadsheets_write_it(CancellationToken cancellationToken)
    {
        var contactId = Guid.NewGuid();
        var text = $"\uFEFFReason , Contact_Id\r\n\r\n\"said \"\"no\"\", twice\", {contactId} \r\n";

        await Import(text, cancellationToken);

        var entry = (await All(cancellationToken)).Single();
        Assert.That((entry.ContactId, entry.Reason), Is.EqualTo((contactId, "said \"no\", twice")));
    }

    [Test, CancelAfter(20_000)]
    public async Task The_last_of_several_lines_of_a_contact_and_channel_holds(CancellationToken cancellationToken)
    {
        var contactId = Guid.NewGuid();

        var import = await Import(
            $"{Header}{contactId},sms,first,\n{contactId},email,other,\n{contactId},sms,last,\n",
            cancellationToken
        );

        Assert.That((import.Lines, import.Added, import.Overruled), Is.EqualTo((3L, 2L, 1L)));
        Assert.That(
            (await All(cancellationToken)).Select(entry => (entry.Channel, entry.Reason)),
            Is.EquivalentTo([("sms", "last"), ("email", "other")])
        );
    }

    [Test, CancelAfter(20_000)]
    public async Task What_is_on_the_list_is_replaced(CancellationToken cancellationToken)
    {
        var contactId = Guid.NewGuid();
        await Import($"{Header}{contactId},sms,first,2099-01-01\n", cancellationToken);

        var import = await Import($"{Header}{contactId},SMS,second,\n", cancellationToken);

        Assert.That((import.Added, import.Replaced), Is.EqualTo((0L, 1L)));
        var entry = (await All(cancellationToken)).Single();
        Assert.That((entry.Reason, entry.ExpiresAt), Is.EqualTo(("second", (DateTime?)null)));
    }

    [TestCase(",", "2099-01-01")]
    [TestCase("2099-01-02", "2099-01-01")]
    [CancelAfter(20_000)]
    public async Task What_holds_for_longer_stays(string longer, string shorter, CancellationToken cancellationToken)
    {
        var contactId = Guid.NewGuid();
        await Import($"{Header}{contactId},sms,objection,{longer.Trim(',')}\n", cancellationToken);

        var import = await Import($"{Header}{contactId},sms,no offers,{shorter}\n", cancellationToken);
        var together = await Import(
            $"{Header}{contactId},email,objection,{longer.Trim(',')}\n{contactId},email,no offers,{shorter}\n",
            cancellationToken
        );

        Assert.That((import.Added, import.Replaced, import.Overruled), Is.EqualTo((0L, 0L, 1L)));
        Assert.That((together.Added, together.Replaced, together.Overruled), Is.EqualTo((1L, 0L, 1L)));
        Assert.That((await All(cancellationToken)).Select(entry => entry.Reason), Is.All.EqualTo("objection"));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_trial_counts_and_changes_nothing(CancellationToken cancellationToken)
    {
        var contactId = Guid.NewGuid();
        await Import($"{Header}{contactId},sms,first,\n", cancellationToken);

        var import = await Import(
            $"{Header}{contactId},sms,second,\n{Guid.NewGuid()},sms,third,\n",
            cancellationToken,
            isTrial: true
        );

        Assert.That((import.Added, import.Replaced), Is.EqualTo((1L, 1L)));
        Assert.That((await All(cancellationToken)).Single().Reason, Is.EqualTo("first"));
    }

    [Test, CancelAfter(20_000)]
    public async Task All_faults_are_told_by_line_and_nothing_is_imported(CancellationToken cancellationToken)
    {
        var good = Guid.NewGuid();
        string[] lines =
        [
            $"{good},sms,fine,",
            "not-a-uuid,sms,fine,",
            $"{good},fax,fine,",
            $"{good},sms,,",
            $"{good},sms,fine,tomorrow",
            $"{good},sms,no, thanks,",
            $"{good},sms",
            $"{good},sms,sa\"id\" no,",
            $"{good},sms,{new string('x', 201)},",
            $"{good},fax,fine,tomorrow",
            $"{good},email,fine,",
            $"{good},email,fine,2020-01-01T00:00:00Z",
        ];

        var exception = Assert.ThrowsAsync<InvalidDataException>(() =>
            Import(Header + string.Join('\n', lines), cancellationToken)
        );

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_faults.Select(fault => fault.Line), Is.EqualTo((long[])[3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 13]));
            Assert.That(_faults.Select(fault => fault.Message), Is.All.Contain("expected"));
            Assert.That(exception!.Message, Does.Contain("faults: 11"));
            Assert.That(await All(cancellationToken), Is.Empty);
        }
    }

    [TestCase("")]
    [TestCase("contact_id;channel;reason;expires_at\n")]
    [TestCase("contact_id,reason,expire_at\n")]
    [TestCase("contact_id,channel\n")]
    [TestCase("contact_id,reason,reason\n")]
    [CancelAfter(20_000)]
    public void A_header_that_is_not_understood_is_a_fault(string text, CancellationToken cancellationToken)
    {
        Assert.ThrowsAsync<InvalidDataException>(() => Import(text, cancellationToken));

        var fault = _faults.Single();
        Assert.That(fault.Line, Is.EqualTo(1));
        Assert.That(fault.Message, Does.Contain("expected a header of contact_id,channel,reason,expires_at"));
    }

    [Test, CancelAfter(20_000)]
    public void A_quotation_mark_that_is_never_closed_does_not_swallow_the_file(CancellationToken cancellationToken)
    {
        var text = $"{Header}{Guid.NewGuid()},sms,\"oh,\n" + string.Concat(Enumerable.Repeat("0123456789\n", 10_000));

        Assert.ThrowsAsync<InvalidDataException>(() => Import(text, cancellationToken));

        Assert.That(_faults.Single().Message, Does.Contain("quotation mark"));
    }

    [Test, CancelAfter(20_000)]
    public void Bytes_that_are_no_UTF_8_are_a_fault(CancellationToken cancellationToken)
    {
        Assert.ThrowsAsync<InvalidDataException>(() =>
            Import(
                new MemoryStream([.. Encoding.UTF8.GetBytes($"{Header}{Guid.NewGuid()},sms,n"), 0xE3, .. ",\n"u8]),
                isTrial: false,
                cancellationToken
            )
        );

        Assert.That(_faults.Single().Message, Does.StartWith("reason: expected"));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_long_one_is_imported_whole(CancellationToken cancellationToken)
    {
        const int Lines = 100_000;
        var text = new StringBuilder(Header);
        for (var line = 0; line < Lines; line++)
        {
            text.Append(Guid.NewGuid()).Append(",whatsapp,asked us,\n");
        }

        var import = await Import(text.ToString(), cancellationToken);

        Assert.That((import.Lines, import.Added), Is.EqualTo(((long)Lines, (long)Lines)));
        Assert.That(await All(cancellationToken), Has.Count.EqualTo(Lines));
    }

    private Task<SuppressionImport> Import(string text, CancellationToken cancellationToken, bool isTrial = false) =>
        Import(new MemoryStream(Encoding.UTF8.GetBytes(text)), isTrial, cancellationToken);

    private async Task<SuppressionImport> Import(Stream bytes, bool isTrial, CancellationToken cancellationToken)
    {
        using var text = new StreamReader(bytes, Encoding.UTF8);
        var file = new SuppressionFile(text, TimeProvider.System.GetUtcNow(), _faults.Add);
        return await _store.Import(file.Read(cancellationToken), isTrial, cancellationToken);
    }

    private Task<IReadOnlyList<ListedSuppression>> All(CancellationToken cancellationToken) =>
        _store.Read(contactId: null, int.MaxValue, cancellationToken);
}
