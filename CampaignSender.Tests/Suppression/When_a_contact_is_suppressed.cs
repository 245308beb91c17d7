using CampaignSender.Contracts;
using CampaignSender.Host.Database;
using CampaignSender.Host.Suppression;
using CampaignSender.Tests.Database;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CampaignSender.Tests.Suppression;

/// <summary>As one page of a replica sees the list, which is in a real database.</summary>
internal sealed class When_a_contact_is_suppressed : DatabaseTest
{
    private readonly FakeTimeProvider _time = new();
    private readonly Guid _contactId = Guid.NewGuid();
    private SuppressionStore _store = null!;
    private PageSuppressions _page = null!;

    [SetUp]
    public async Task Begin()
    {
        await Execute("TRUNCATE campaign_sender_suppressions", new { }, CancellationToken.None);
        _store = new SuppressionStore(Source);
        _page = new SuppressionCheck(_store, _time).Open(ChannelType.Whatsapp, [_contactId, Guid.NewGuid()]);
    }

    [TestCase("*")]
    [TestCase("whatsapp")]
    [CancelAfter(10_000)]
    public async Task The_reason_is_told(string channel, CancellationToken cancellationToken)
    {
        await Add(channel, cancellationToken);

        Assert.That(await Ask(cancellationToken), Is.EqualTo($"not in {channel}"));
    }

    [Test, CancelAfter(10_000)]
    public async Task Another_channel_does_not_count(CancellationToken cancellationToken)
    {
        await Add("email", cancellationToken);

        Assert.That(await Ask(cancellationToken), Is.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task The_reason_of_the_channel_goes_before_that_of_every_channel(CancellationToken cancellationToken)
    {
        await Add("*", cancellationToken);
        await Add("whatsapp", cancellationToken);

        Assert.That(await Ask(cancellationToken), Is.EqualTo("not in whatsapp"));
    }

    [Test, CancelAfter(10_000)]
    public async Task An_entry_whose_time_has_passed_does_not_count(CancellationToken cancellationToken)
    {
        await Add("*", cancellationToken, DateTimeOffset.UnixEpoch);

        Assert.That(await Ask(cancellationToken), Is.Null);
        Assert.That((await _store.Read(_contactId, 1, cancellationToken)).Single().IsExpired, Is.True);
    }

    [Test, CancelAfter(10_000)]
    public async Task It_is_felt_within_five_seconds(CancellationToken cancellationToken)
    {
        Assert.That(await Ask(cancellationToken), Is.Null);
        await Add("*", cancellationToken);

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(await Ask(cancellationToken), Is.Not.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task It_is_felt_as_soon_where_others_are_on_the_list(CancellationToken cancellationToken)
    {
        await Add("email", cancellationToken);
        Assert.That(await Ask(cancellationToken), Is.Null);
        await Add("*", cancellationToken);

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(await Ask(cancellationToken), Is.Not.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task So_is_that_it_no_longer_is(CancellationToken cancellationToken)
    {
        await Add("*", cancellationToken);
        Assert.That(await Ask(cancellationToken), Is.Not.Null);
        Assert.That(await _store.Remove(_contactId, channel: null, cancellationToken), Is.EqualTo(1));

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(await Ask(cancellationToken), Is.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task Only_the_entry_of_the_named_channel_is_removed(CancellationToken cancellationToken)
    {
        await Add("*", cancellationToken);
        await Add("whatsapp", cancellationToken);

        await _store.Remove(_contactId, "whatsapp", cancellationToken);

        Assert.That(await Ask(cancellationToken), Is.EqualTo("not in *"));
    }

    [Test, CancelAfter(10_000)]
    public async Task Who_asks_meanwhile_is_answered_from_memory(CancellationToken cancellationToken)
    {
        var reads = 0;
        var recent = new Recent<int>(_time, () => Task.FromResult(++reads));

        for (var ask = 0; ask < 10; ask++)
        {
            await recent.Get(cancellationToken);
        }

        Assert.That(reads, Is.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_machine_that_was_suspended_asks_anew(CancellationToken cancellationToken)
    {
        var reads = 0;
        var recent = new Recent<int>(_time, () => Task.FromResult(++reads));
        await recent.Get(cancellationToken);

        // The wall clock alone: the other one stands still meanwhile.
        _time.AdjustTime(_time.GetUtcNow().AddMinutes(10));

        Assert.That(await recent.Get(cancellationToken), Is.EqualTo(2));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_database_that_cannot_be_asked_is_a_fault_and_is_asked_again(CancellationToken cancellationToken)
    {
        var reads = 0;
        var recent = new Recent<int>(
            _time,
            () => ++reads == 1 ? Task.FromException<int>(new TimeoutException()) : Task.FromResult(reads)
        );

        Assert.ThrowsAsync<TimeoutException>(async () => await recent.Get(cancellationToken));

        Assert.That(await recent.Get(cancellationToken), Is.EqualTo(2));
    }

    private ValueTask<string?> Ask(CancellationToken cancellationToken) =>
        _page.ReasonAgainst(_contactId, cancellationToken);

    private Task Add(string channel, CancellationToken cancellationToken, DateTimeOffset? expiresAt = null) =>
        _store.Add(
            new SuppressedContact
            {
                ContactId = _contactId,
                Channel = channel,
                Reason = $"not in {channel}",
                ExpiresAt = expiresAt,
            },
            cancellationToken
        );
}
