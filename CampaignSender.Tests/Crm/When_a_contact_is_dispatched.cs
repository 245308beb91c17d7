using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Database;
using CampaignSender.Host.Pacing;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Validation;
using CampaignSender.Sandbox.Campaigns;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Tests.Pacing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace CampaignSender.Tests.Crm;

/// <summary>A dispatcher alone with a CRM. What a whole replica makes of it is told in Sending.</summary>
internal sealed class When_a_contact_is_dispatched
{
    private readonly CampaignPlan _plan = new()
    {
        ContactIds = CampaignPlan.NewContacts(1),
        Channel = ChannelType.Email,
    };
    private SimulatedCrm _crm = null!;
    private ServiceProvider _services = null!;

    [SetUp]
    public async Task Start()
    {
        _crm = await SimulatedCrm.Start(new SimulatedCrmOptions(), CancellationToken.None);
        _crm.Add(_plan);
        _services = Services(TimeProvider.System, retryCount: 2);
    }

    [TearDown]
    public async Task Stop()
    {
        await _services.DisposeAsync();
        var unexpected = _crm.UnexpectedRequests;
        await _crm.DisposeAsync();
        Assert.That(unexpected, Is.Empty, "requests that the CRM does not know");
    }

    [Test, CancelAfter(10_000)]
    public async Task A_success_that_is_not_the_CRMs_is_verified_and_not_repeated(CancellationToken cancellationToken)
    {
        // It is asked when its time is over.
        await using var services = Services(TimeProvider.System, retryCount: 2, timeout: "00:00:01");
        _crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = 202,
                IsCarriedOut = true,
                Times = 1,
            }
        );

        var result = await Dispatch(services, uncertainFor: null, attempts: 1, cancellationToken);

        Assert.That(result, Is.InstanceOf<DispatchResult.Sent>());
        Assert.That(_crm.Messages(_plan.CampaignId), Has.Count.EqualTo(1));
    }

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("""{"error":"no contact"}""")]
    [TestCase("<html>Sign in</html>")]
    [CancelAfter(10_000)]
    public async Task A_contact_that_cannot_be_read_gets_no_message(string body, CancellationToken cancellationToken)
    {
        AnswerContactsWith(body);

        var result = await Dispatch(uncertainFor: null, cancellationToken);

        Assert.That(result, Is.InstanceOf<DispatchResult.Failed>());
        Assert.That(_crm.PostCount, Is.Zero);
    }

    [Test, CancelAfter(10_000)]
    public async Task Another_contacts_answer_is_not_taken_for_its_own(CancellationToken cancellationToken)
    {
        AnswerContactsWith(
            $$"""{"id":"{{Guid.NewGuid()}}","name":"Somebody else","email":"somebody.else@example.com"}"""
        );

        var result = await Dispatch(uncertainFor: null, cancellationToken);

        Assert.That(result, Is.InstanceOf<DispatchResult.Failed>());
        Assert.That(_crm.PostCount, Is.Zero);
    }

    [TestCase("{}")]
    [TestCase("<html>Sign in</html>")]
    [CancelAfter(10_000)]
    public async Task A_contact_that_may_have_got_one_stays_uncertain_while_it_cannot_be_read(
        string body,
        CancellationToken cancellationToken
    )
    {
        AnswerContactsWith(body);

        Assert.That(
            await Dispatch(TimeSpan.FromSeconds(1), cancellationToken),
            Is.EqualTo(new DispatchResult.Unverified())
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_may_have_got_one_is_not_given_up_before_the_CRM_was_asked(
        CancellationToken cancellationToken
    )
    {
        using var told = new CancellationTokenSource();
        await told.CancelAsync();

        var unasked = await Dispatch(TimeSpan.FromDays(1), told.Token);
        _crm.Fail(new FaultRule { Kind = CrmRequestKind.Lookup, Status = 400 });
        var unanswered = await Dispatch(TimeSpan.FromDays(1), cancellationToken);

        Assert.That(unasked, Is.EqualTo(new DispatchResult.Unverified(NotAsked: WithheldReason.NotAllowed)));
        Assert.That(unanswered, Is.InstanceOf<DispatchResult.Failed>());
    }

    [Test, CancelAfter(10_000)]
    public async Task An_old_doubt_that_the_CRM_has_answered_does_not_give_up_a_new_one(
        CancellationToken cancellationToken
    )
    {
        _crm.Fail(new FaultRule { Kind = CrmRequestKind.Post, Status = 504 });
        await using var services = Services(TimeProvider.System, retryCount: 0);

        Assert.That(
            await Dispatch(services, TimeSpan.FromDays(1), attempts: 1, cancellationToken),
            Is.EqualTo(new DispatchResult.Unverified(IsOfNow: true))
        );
    }

    /// <summary>However well the look-up goes, each of its posts leaves a doubt.</summary>
    [TestCase(24, 100, false)]
    [TestCase(24, 101, true)]
    [TestCase(0, 101, true)]
    [TestCase(null, 101, false)]
    [CancelAfter(10_000)]
    public async Task One_that_is_in_doubt_each_time_is_given_up_in_the_end(
        int? uncertainHours,
        int attempts,
        bool isGivenUp,
        CancellationToken cancellationToken
    )
    {
        _crm.Fail(new FaultRule { Kind = CrmRequestKind.Post, Status = 504 });
        await using var services = Services(TimeProvider.System, retryCount: 0);

        Assert.That(
            await Dispatch(
                services,
                uncertainHours is { } hours ? TimeSpan.FromHours(hours) : null,
                attempts,
                cancellationToken
            ),
            isGivenUp
                ? FailedAs(FailureCodes.OutcomeUnknown)
                : Is.EqualTo(new DispatchResult.Unverified(IsOfNow: uncertainHours is not null))
        );
    }

    /// <summary>Though its page makes room for others while it waits until the CRM can be asked.</summary>
    [TestCase(100, false)]
    [TestCase(101, true)]
    [CancelAfter(10_000)]
    public async Task Nor_is_it_posted_for_ever_where_places_are_few(
        int attempts,
        bool isGivenUp,
        CancellationToken cancellationToken
    )
    {
        _crm.Fail(new FaultRule { Kind = CrmRequestKind.Post, Status = 504 });
        var time = new FakeTimeProvider();
        await using var services = Services(time, retryCount: 1);
        using var leave = new CancellationTokenSource();

        var dispatching = Dispatch(
            services,
            TimeSpan.FromHours(1),
            attempts,
            leave.Token,
            abandon: cancellationToken,
            onlyResting: leave.Cancel
        );
        while (!dispatching.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);
        }

        Assert.That(
            await dispatching,
            isGivenUp
                ? FailedAs(FailureCodes.OutcomeUnknown)
                : Is.EqualTo(new DispatchResult.Unverified(IsOfNow: true, WithheldReason.NotAllowed))
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task A_fault_before_the_message_is_told_with_the_contact(CancellationToken cancellationToken)
    {
        var fault = new InvalidOperationException("the database is away");

        var result = await Dispatch(_services, uncertainFor: null, attempts: 1, cancellationToken, _ => throw fault);

        Assert.That((result as DispatchResult.Withheld)?.Fault?.SourceException, Is.SameAs(fault));
        Assert.That(_crm.PostCount, Is.Zero);
    }

    /// <summary>Or its claim would be given back, and the next owner post without asking.</summary>
    [Test, CancelAfter(10_000)]
    public async Task A_fault_leaves_an_earlier_owners_doubt(CancellationToken cancellationToken)
    {
        await using var services = Services(TimeProvider.System, retryCount: 0);
        services.GetRequiredService<CrmConnections>().Dispose();

        await Assert.ThatAsync(
            () => Dispatch(services, TimeSpan.FromSeconds(1), attempts: 1, cancellationToken),
            Throws.InstanceOf<ObjectDisposedException>()
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task A_template_is_asked_for_once_and_again_when_it_may_have_been_mended(
        CancellationToken cancellationToken
    )
    {
        var templates = _services.GetRequiredService<TemplateCatalog>();
        for (var time = 0; time < 2; time++)
        {
            await templates.Find(_plan.TemplateId, _plan.InboxId, cancellationToken);
        }

        Assert.That(_crm.RequestCount, Is.EqualTo(1));

        templates.Forget();
        await templates.Find(_plan.TemplateId, _plan.InboxId, cancellationToken);
        Assert.That(_crm.RequestCount, Is.EqualTo(2));
    }

    [TestCase("true", true), TestCase("null", true), TestCase("false", false), CancelAfter(10_000)]
    public async Task A_template_that_is_switched_off_is_none(
        string active,
        bool isOne,
        CancellationToken cancellationToken
    )
    {
        _crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Template,
                Status = 200,
                Body = $$"""{"name":"spring","content":"Hello","active":{{active}}}""",
            }
        );
        var templates = _services.GetRequiredService<TemplateCatalog>();

        await Assert.ThatAsync(
            () => templates.Find(_plan.TemplateId, _plan.InboxId, cancellationToken),
            isOne
                ? Throws.Nothing
                : Throws.TypeOf<PermanentFaultException>().With.Message.Contains("switched off in the CRM")
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task A_list_of_large_templates_is_read_to_its_end(CancellationToken cancellationToken)
    {
        var (inboxId, templateId) = (Guid.NewGuid(), Guid.NewGuid());
        var design = new string('x', 6_000_000);
        _crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.TemplatesOfInbox,
                Status = 200,
                Body = $$"""[{"name":"{{design}}"},{"id":"{{templateId}}","name":"spring","content":"Hello"}]""",
            }
        );

        var answer = await _services
            .GetRequiredService<CrmClient>()
            .FindTemplate(inboxId, templateId, cancellationToken);

        Assert.That(answer.Template?.Name, Is.EqualTo("spring"));
    }

    [TestCase(false), TestCase(true), CancelAfter(10_000)]
    public async Task Whoever_leaves_after_an_error_asks_what_became_of_the_message(
        bool isCarriedOut,
        CancellationToken cancellationToken
    )
    {
        await using var services = Services(TimeProvider.System, retryCount: 1, backoffCap: "00:10:00");
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = 503,
                RetryAfter = 600,
                IsCarriedOut = isCarriedOut,
            }
        );
        var dispatching = Dispatch(services, uncertainFor: null, attempts: 1, leave.Token, abandon: cancellationToken);
        await _crm.WaitForPosts(1, cancellationToken);
        await leave.CancelAsync();

        Assert.That(
            await dispatching,
            isCarriedOut
                ? Is.InstanceOf<DispatchResult.Sent>()
                : Is.EqualTo(new DispatchResult.Withheld(WithheldReason.NotAllowed))
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task A_gateways_404_says_nothing_about_a_contact(CancellationToken cancellationToken)
    {
        _crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Contact,
                Status = 404,
                Body = "404 page not found",
                Times = 1,
            }
        );

        Assert.That(await Dispatch(uncertainFor: null, cancellationToken), Is.InstanceOf<DispatchResult.Sent>());
    }

    [TestCase(false), TestCase(true), CancelAfter(10_000)]
    public async Task A_503_is_asked_about_before_the_message_is_posted_again(
        bool isCarriedOut,
        CancellationToken cancellationToken
    )
    {
        _crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = 503,
                // Longer than the cap, which is what it gets.
                RetryAfter = 600,
                IsCarriedOut = isCarriedOut,
                Times = 1,
            }
        );

        Assert.That(await Dispatch(uncertainFor: null, cancellationToken), Is.InstanceOf<DispatchResult.Sent>());
        Assert.That(_crm.Messages(_plan.CampaignId), Has.Count.EqualTo(1));
    }

    /// <summary>It may take the whole of the time that we wait for its answer, and the time that it is given after that.</summary>
    [Test, CancelAfter(20_000)]
    public async Task A_CRM_that_may_be_at_work_is_not_asked_too_early(CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider();
        await using var services = Services(time, retryCount: 1, settleTime: "00:00:30");
        var dispatch = services.GetRequiredService<IOptions<DispatchOptions>>().Value;
        _crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = 504,
                Times = 1,
            }
        );

        var dispatching = Dispatch(services, uncertainFor: null, attempts: 1, cancellationToken);
        await _crm.WaitForPosts(1, cancellationToken);
        var passed = TimeSpan.Zero;
        while (_crm.LookupCount == 0)
        {
            var step = TimeSpan.FromMilliseconds(100);
            time.Advance(step);
            passed += step;
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);
        }

        Assert.That(passed, Is.GreaterThanOrEqualTo(dispatch.Timeout + dispatch.SettleTime));
        Assert.That(await dispatching, Is.InstanceOf<DispatchResult.Sent>());
    }

    [TestCase(CrmRequestKind.Post, 408, null)]
    [TestCase(CrmRequestKind.Contact, 503, null)]
    [TestCase(CrmRequestKind.Lookup, 503, 1)]
    [CancelAfter(10_000)]
    public async Task Whoever_waits_for_another_try_holds_nobody_up(
        CrmRequestKind kind,
        int status,
        int? uncertainHours,
        CancellationToken cancellationToken
    )
    {
        await using var services = Services(TimeProvider.System, retryCount: 1, backoffCap: "00:10:00", concurrency: 1);
        var other = new CampaignPlan { ContactIds = CampaignPlan.NewContacts(1), Channel = ChannelType.Email };
        _crm.Add(other);
        _crm.Fail(
            new FaultRule
            {
                Kind = kind,
                ContactId = _plan.ContactIds[0],
                Status = status,
                RetryAfter = 600,
            }
        );
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        TimeSpan? uncertainFor = uncertainHours is { } hours ? TimeSpan.FromHours(hours) : null;

        var waiting = Dispatch(services, uncertainFor, attempts: 1, leave.Token, abandon: cancellationToken);
        var result = await Dispatch(services, uncertainFor: null, attempts: 1, cancellationToken, plan: other);

        Assert.That(result, Is.InstanceOf<DispatchResult.Sent>());
        Assert.That(waiting.IsCompleted, Is.False);
        await leave.CancelAsync();
        await waiting;
    }

    [Test, CancelAfter(10_000)]
    public async Task A_message_that_is_taken_shows_who_is_to_blame(CancellationToken cancellationToken)
    {
        TroubleTheCrm(takesOthers: false);
        Assert.That(await Dispatch(uncertainFor: null, cancellationToken), Is.InstanceOf<DispatchResult.Sent>());
        _crm.FailPosts(408);

        Assert.That(
            await Dispatch(uncertainFor: null, cancellationToken, attempts: 13),
            FailedAs(FailureCodes.DispatchExhaustedRetries)
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_is_gone_is_not_found([Values] bool isUncertain, CancellationToken cancellationToken)
    {
        _crm.RemoveContact(_plan.ContactIds[0]);

        var result = await Dispatch(isUncertain ? TimeSpan.FromSeconds(1) : null, cancellationToken);

        Assert.That(result, FailedAs(FailureCodes.ContactNotFound));
    }

    /// <summary>A wrong token, or a CRM that wants fewer requests, would lose the doubts of everybody.</summary>
    [TestCase(CrmRequestKind.Lookup, 401)]
    [TestCase(CrmRequestKind.Lookup, 403)]
    [TestCase(CrmRequestKind.Lookup, 429)]
    [TestCase(CrmRequestKind.Contact, 400)]
    [TestCase(CrmRequestKind.Contact, 401)]
    [TestCase(CrmRequestKind.Contact, 429)]
    [TestCase(CrmRequestKind.Contact, 500)]
    [TestCase(CrmRequestKind.Contact, 503)]
    [CancelAfter(10_000)]
    public async Task One_that_may_have_got_one_is_not_given_up_for_what_is_no_look_up(
        CrmRequestKind kind,
        int status,
        CancellationToken cancellationToken
    )
    {
        // Without a second try, ahead of which the throttle would turn it away.
        await using var services = Services(TimeProvider.System, retryCount: 0);
        _crm.Fail(new FaultRule { Kind = kind, Status = status });

        Assert.That(
            await Dispatch(services, TimeSpan.FromDays(1), attempts: 100, cancellationToken),
            Is.EqualTo(
                new DispatchResult.Unverified(
                    NotAsked: status switch
                    {
                        401 or 403 => WithheldReason.Unauthorized,
                        429 => WithheldReason.Throttled,
                        _ => null,
                    }
                )
            )
        );
    }

    [TestCase(CrmRequestKind.Lookup, 403, 13, true)]
    [TestCase(CrmRequestKind.Contact, 500, 12, false)]
    [TestCase(CrmRequestKind.Contact, 500, 13, true)]
    [TestCase(CrmRequestKind.Contact, 400, 13, true)]
    [TestCase(CrmRequestKind.Contact, 401, 13, false)]
    [CancelAfter(10_000)]
    public async Task One_that_can_never_be_looked_up_is_given_up_while_the_CRM_takes_others(
        CrmRequestKind kind,
        int status,
        int attempts,
        bool isGivenUp,
        CancellationToken cancellationToken
    )
    {
        Take(true);
        _crm.Fail(new FaultRule { Kind = kind, Status = status });

        Assert.That(
            await Dispatch(TimeSpan.FromDays(1), cancellationToken, attempts),
            isGivenUp ? FailedAs(FailureCodes.OutcomeUnknown) : Is.EqualTo(new DispatchResult.Unverified())
        );
    }

    /// <summary>A few contacts whose message the CRM never takes are trouble enough; their pages would come back for ever.</summary>
    [TestCase(500, 1, true, false)]
    [TestCase(500, 12, true, false)]
    [TestCase(500, 13, true, true)]
    [TestCase(503, 13, true, true)]
    [TestCase(500, 13, false, false)]
    [TestCase(500, 100, false, false)]
    [TestCase(500, 101, false, true)]
    [CancelAfter(10_000)]
    public async Task While_the_CRM_is_in_trouble_only_one_that_it_never_takes_fails(
        int status,
        int attempts,
        bool takesOthers,
        bool isFailed,
        CancellationToken cancellationToken
    )
    {
        TroubleTheCrm(takesOthers);
        _crm.Fail(new FaultRule { Kind = CrmRequestKind.Post, Status = status });

        Assert.That(
            await Dispatch(uncertainFor: null, cancellationToken, attempts),
            isFailed
                ? Is.InstanceOf<DispatchResult.Failed>()
                : Is.EqualTo(new DispatchResult.Withheld(WithheldReason.Unavailable))
        );
    }

    [TestCase(403, 12, true, false)]
    [TestCase(403, 13, true, true)]
    [TestCase(401, 13, true, true)]
    [TestCase(403, 13, false, false)]
    [TestCase(403, 101, false, true)]
    [CancelAfter(10_000)]
    public async Task While_it_takes_others_one_whose_message_is_always_refused_fails(
        int status,
        int attempts,
        bool takesOthers,
        bool isFailed,
        CancellationToken cancellationToken
    )
    {
        Take(takesOthers);
        _crm.FailPosts(status);

        var result = await Dispatch(uncertainFor: null, cancellationToken, attempts);

        Assert.That(
            result,
            isFailed
                ? FailedAs(FailureCodes.Dispatch4xx)
                : Is.EqualTo(new DispatchResult.Withheld(WithheldReason.Unauthorized))
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task A_token_with_which_nobody_can_be_asked_for_fails_nobody(CancellationToken cancellationToken)
    {
        Take(true);
        _crm.Fail(new FaultRule { Kind = CrmRequestKind.Contact, Status = 401 });

        Assert.That(
            await Dispatch(uncertainFor: null, cancellationToken, attempts: 101),
            Is.EqualTo(new DispatchResult.Withheld(WithheldReason.Unauthorized))
        );
    }

    [TestCase(12, true, false)]
    [TestCase(13, true, true)]
    [TestCase(13, false, false)]
    [TestCase(101, false, true)]
    [CancelAfter(10_000)]
    public async Task While_the_CRM_is_in_trouble_only_one_that_can_never_be_asked_for_fails(
        int attempts,
        bool takesOthers,
        bool isFailed,
        CancellationToken cancellationToken
    )
    {
        TroubleTheCrm(takesOthers);
        _crm.Fail(new FaultRule { Kind = CrmRequestKind.Contact, Status = 500 });

        Assert.That(
            await Dispatch(uncertainFor: null, cancellationToken, attempts),
            isFailed
                ? FailedAs(FailureCodes.DispatchExhaustedRetries)
                : Is.EqualTo(new DispatchResult.Withheld(WithheldReason.Unavailable))
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task However_often_it_was_tried_one_that_may_have_got_one_is_not_given_up(
        CancellationToken cancellationToken
    )
    {
        _crm.Fail(new FaultRule { Kind = CrmRequestKind.Post, Status = 500 });
        _crm.Fail(new FaultRule { Kind = CrmRequestKind.Lookup, Status = 500 });

        Assert.That(
            await Dispatch(uncertainFor: null, cancellationToken, attempts: 100),
            Is.EqualTo(new DispatchResult.Unverified())
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task While_the_CRM_fails_altogether_nobody_fails(CancellationToken cancellationToken)
    {
        TroubleTheCrm(takesOthers: false);
        _crm.Fail(new FaultRule { Kind = CrmRequestKind.Contact, Status = 500 });

        Assert.That(
            await Dispatch(uncertainFor: null, cancellationToken, attempts: 100),
            Is.EqualTo(new DispatchResult.Withheld(WithheldReason.Unavailable))
        );
    }

    [TestCase(false, 1, false)]
    [TestCase(true, 1, true)]
    [TestCase(false, 101, true)]
    [CancelAfter(10_000)]
    public async Task Who_gets_no_answer_fails_only_where_others_get_one(
        bool isAnsweringOthers,
        int attempts,
        bool fails,
        CancellationToken cancellationToken
    )
    {
        // By which no time passes: what was answered to others was answered just now.
        await using var services = Services(new FakeTimeProvider(), retryCount: 0, timeout: "00:00:01");
        _crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Contact,
                ContactId = _plan.ContactIds[0],
                Delay = 60_000,
            }
        );
        if (isAnsweringOthers)
        {
            services.GetRequiredService<CrmCondition>().Answered(CrmAnswerKind.NotFound);
        }

        Assert.That(
            await Dispatch(services, uncertainFor: null, attempts, cancellationToken),
            fails
                ? Is.InstanceOf<DispatchResult.Failed>()
                : Is.EqualTo(new DispatchResult.Withheld(WithheldReason.Unavailable))
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task The_only_one_that_asks_whether_the_CRM_is_back_is_not_failed_for_it(
        CancellationToken cancellationToken
    )
    {
        var time = new FakeTimeProvider();
        await using var services = Services(time, retryCount: 0);
        var circuit = services.GetRequiredService<CrmCircuit>();
        for (var answer = 0; answer < 20; answer++)
        {
            await circuit.Execute(
                static (kind, _) => ValueTask.FromResult(new CrmAnswer { Kind = kind }),
                CrmAnswerKind.Retryable,
                cancellationToken,
                cancellationToken
            );
        }

        // From now on one request at a time goes out: too few to tell how the CRM fares.
        time.Advance(TimeSpan.FromSeconds(6));
        _crm.Fail(new FaultRule { Kind = CrmRequestKind.Contact, Status = 500 });

        Assert.That(
            await Dispatch(services, uncertainFor: null, attempts: 1, cancellationToken),
            Is.EqualTo(new DispatchResult.Withheld(WithheldReason.Unavailable))
        );
    }

    [TestCase(true)]
    [TestCase(false)]
    [CancelAfter(10_000)]
    public async Task What_was_not_posted_does_not_count_whatever_kept_it_from_being_posted(
        bool isPaused,
        CancellationToken cancellationToken
    )
    {
        await using var services = Services(TimeProvider.System, retryCount: 0, new QuotaOfOne());

        Assert.That(
            await Dispatch(
                services,
                uncertainFor: null,
                attempts: 1,
                cancellationToken,
                _ => throw (isPaused ? new OperationCanceledException() : new TimeoutException())
            ),
            Is.InstanceOf<DispatchResult.Withheld>()
        );
        Assert.That(
            await Dispatch(services, uncertainFor: null, attempts: 1, cancellationToken),
            Is.InstanceOf<DispatchResult.Sent>()
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task What_the_CRM_says_that_it_has_not_does_not_count(CancellationToken cancellationToken)
    {
        await using var services = Services(TimeProvider.System, retryCount: 1, new QuotaOfOne());
        _crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = 503,
                Times = 1,
            }
        );

        Assert.That(
            await Dispatch(services, uncertainFor: null, attempts: 1, cancellationToken),
            Is.InstanceOf<DispatchResult.Sent>()
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task Whoever_objects_while_the_database_is_waited_for_gets_nothing(CancellationToken cancellationToken)
    {
        var database = new TaskCompletionSource();
        var quota = new QuotaOfOne { Answers = database.Task };
        string? objection = null;
        await using var services = Services(TimeProvider.System, retryCount: 0, quota);

        var dispatching = Dispatch(
            services,
            uncertainFor: null,
            attempts: 1,
            cancellationToken,
            reasonAgainst: _ => ValueTask.FromResult(objection)
        );
        await quota.Asked.WaitAsync(cancellationToken);
        objection = "asked us to stop";
        database.SetResult();

        Assert.That(await dispatching, Is.EqualTo(new DispatchResult.Skipped(FailureCodes.Suppressed, objection)));
        Assert.That(_crm.PostCount, Is.Zero);
        Assert.That(
            await Dispatch(services, uncertainFor: null, attempts: 1, cancellationToken),
            Is.InstanceOf<DispatchResult.Sent>(),
            "what was reserved was given back"
        );
    }

    [Test, CancelAfter(10_000)]
    public async Task Whoever_objects_while_the_permission_is_waited_for_gets_nothing(
        CancellationToken cancellationToken
    )
    {
        string? objection = null;

        var result = await Dispatch(
            _services,
            uncertainFor: null,
            attempts: 1,
            cancellationToken,
            async _ =>
            {
                await Task.Yield();
                objection = "asked us to stop";
                return true;
            },
            reasonAgainst: _ => ValueTask.FromResult(objection)
        );

        Assert.That(result, Is.EqualTo(new DispatchResult.Skipped(FailureCodes.Suppressed, objection)));
        Assert.That(_crm.PostCount, Is.Zero);
    }

    [Test, CancelAfter(10_000)]
    public async Task Permission_is_asked_for_once_more_where_the_list_had_to_be_waited_for(
        CancellationToken cancellationToken
    )
    {
        var (mayDispatch, isFirst) = (true, true);

        var result = await Dispatch(
            _services,
            uncertainFor: null,
            attempts: 1,
            cancellationToken,
            _ => ValueTask.FromResult(mayDispatch),
            reasonAgainst: async _ =>
            {
                // The first one is asked ahead of all requests.
                if (!isFirst)
                {
                    await Task.Yield();
                    mayDispatch = false;
                }

                isFirst = false;
                return null;
            }
        );

        Assert.That(result, WithheldAs(WithheldReason.NotAllowed));
        Assert.That(_crm.PostCount, Is.Zero);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_database_that_is_always_waited_for_keeps_nobody_from_posting(
        CancellationToken cancellationToken
    )
    {
        var result = await Dispatch(
            _services,
            uncertainFor: null,
            attempts: 1,
            cancellationToken,
            async _ =>
            {
                await Task.Yield();
                return true;
            },
            reasonAgainst: async _ =>
            {
                await Task.Yield();
                return null;
            }
        );

        Assert.That(result, Is.InstanceOf<DispatchResult.Sent>());
    }

    /// <summary>Else it would be counted at a time at which it was not sent.</summary>
    [TestCase(1, true)]
    [TestCase(2, false)]
    [CancelAfter(10_000)]
    public async Task A_message_of_the_quota_that_is_late_is_counted_anew(
        int times,
        bool isSent,
        CancellationToken cancellationToken
    )
    {
        var (time, asked) = (new FakeTimeProvider(), 0);
        await using var services = Services(time, retryCount: 0, new QuotaOfOne());

        var result = await Dispatch(
            services,
            uncertainFor: null,
            attempts: 1,
            cancellationToken,
            _ =>
            {
                if (++asked <= times)
                {
                    time.Advance(TimeSpan.FromSeconds(4));
                }

                return ValueTask.FromResult(true);
            }
        );

        Assert.That(result, isSent ? Is.InstanceOf<DispatchResult.Sent>() : Is.InstanceOf<DispatchResult.Withheld>());
        Assert.That(_crm.PostCount, Is.EqualTo(isSent ? 1 : 0));
        Assert.That(asked, Is.EqualTo(2));
    }

    /// <summary>Else those who had waited for the database together would all post at once.</summary>
    [Test, CancelAfter(10_000)]
    public async Task A_turn_that_ran_out_while_the_database_was_waited_for_is_taken_anew(
        CancellationToken cancellationToken
    )
    {
        var (time, asked) = (new FakeTimeProvider(), 0);
        await using var services = Services(time, retryCount: 0, limit: new InboxLimit(1, RefillRate: 1));

        var result = await Dispatch(
            services,
            uncertainFor: null,
            attempts: 1,
            cancellationToken,
            _ =>
            {
                if (++asked == 1)
                {
                    time.Advance(TimeSpan.FromSeconds(2));
                }

                return ValueTask.FromResult(true);
            }
        );

        Assert.That(result, Is.InstanceOf<DispatchResult.Sent>());
        Assert.That(asked, Is.EqualTo(2), "for the second turn too");
        Assert.That(_crm.PostCount, Is.EqualTo(1));
    }

    /// <summary>Else whoever waits for another turn meanwhile would post all the same.</summary>
    [Test, CancelAfter(10_000)]
    public async Task What_the_CRM_asks_for_while_another_turn_is_waited_for_holds(CancellationToken cancellationToken)
    {
        var (time, asked) = (new FakeTimeProvider(), 0);
        await using var services = Services(
            time,
            retryCount: 0,
            backoffCap: "00:01:00",
            limit: new InboxLimit(1, RefillRate: 1)
        );

        var dispatching = Dispatch(
            services,
            uncertainFor: null,
            attempts: 1,
            cancellationToken,
            _ =>
            {
                if (++asked == 1)
                {
                    time.Advance(TimeSpan.FromSeconds(2));
                    services
                        .GetRequiredService<CrmThrottle>()
                        .Answered(
                            new CrmAnswer { Kind = CrmAnswerKind.Throttled, RetryAfter = TimeSpan.FromSeconds(20) },
                            time.GetTimestamp()
                        );
                }

                return ValueTask.FromResult(true);
            }
        );

        for (var seconds = 0; seconds < 18; seconds++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
        }

        Assert.That(_crm.PostCount, Is.Zero);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await dispatching, Is.InstanceOf<DispatchResult.Sent>());
    }

    /// <summary>As long as a connection takes, the message is not on the wire.</summary>
    [Test, CancelAfter(10_000)]
    public async Task Nothing_is_written_when_the_page_leaves_while_the_connection_is_waited_for(
        CancellationToken cancellationToken
    )
    {
        using var leave = new CancellationTokenSource();

        var result = await Dispatch(
            _services,
            uncertainFor: null,
            attempts: 1,
            leave.Token,
            mayDispatch: async _ =>
            {
                await leave.CancelAsync();
                return true;
            },
            abandon: cancellationToken
        );

        Assert.That(result, WithheldAs(WithheldReason.NotAllowed));
        Assert.That(_crm.PostCount, Is.Zero);
    }

    /// <summary>Of another campaign's first message to the same contact, at the same moment.</summary>
    [TestCase(1, true)]
    [TestCase(2, false)]
    [CancelAfter(10_000)]
    public async Task An_address_that_is_refused_is_tried_once_more(
        int times,
        bool isSent,
        CancellationToken cancellationToken
    )
    {
        _crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = 422,
                Times = times,
                Body = """
                {"success":false,"error":{"code":"VALIDATION_ERROR","message":"Validation failed",
                "details":[{"field":"source_id","messages":["invalid source id for whatsapp inbox"]}]}}
                """,
            }
        );

        var result = await Dispatch(uncertainFor: null, cancellationToken);

        Assert.That(
            result,
            isSent
                ? Is.InstanceOf<DispatchResult.Sent>()
                : Is.InstanceOf<DispatchResult.Failed>()
                    .And.Property(nameof(DispatchResult.Failed.Code))
                    .EqualTo(FailureCodes.Dispatch4xx)
        );
        Assert.That(_crm.PostCount, Is.EqualTo(2));
    }

    [Test, CancelAfter(10_000)]
    public async Task Nothing_is_posted_where_the_claim_runs_out_before_the_request_is_written(
        CancellationToken cancellationToken
    )
    {
        var result = await Dispatch(
            _services,
            uncertainFor: null,
            attempts: 1,
            cancellationToken,
            mayStillBeWritten: static _ => false
        );

        Assert.That(result, Is.InstanceOf<DispatchResult.Withheld>());
        Assert.That(_crm.PostCount, Is.Zero);
    }

    /// <summary>Else it would be sent after the slot that it is counted in.</summary>
    [Test, CancelAfter(10_000)]
    public async Task Nothing_is_posted_where_its_place_in_the_quota_runs_out_before_the_request_is_written(
        CancellationToken cancellationToken
    )
    {
        var time = new FakeTimeProvider();
        await using var services = Services(time, retryCount: 0, new QuotaOfOne());

        var result = await Dispatch(
            services,
            uncertainFor: null,
            attempts: 1,
            cancellationToken,
            mayStillBeWritten: _ =>
            {
                time.Advance(TimeSpan.FromSeconds(4));
                return true;
            }
        );

        Assert.That(result, Is.InstanceOf<DispatchResult.Withheld>());
        Assert.That(_crm.PostCount, Is.Zero);
    }

    /// <summary>Else its page would wait for an hour: the CRM refuses to be asked about it as well.</summary>
    [TestCase(false), TestCase(true), CancelAfter(10_000)]
    public async Task One_without_a_phone_number_has_got_nothing_though_the_CRM_failed_first(
        bool mayHaveHadOneBefore,
        CancellationToken cancellationToken
    )
    {
        var plan = new CampaignPlan { ContactIds = CampaignPlan.NewContacts(1), Channel = ChannelType.Whatsapp };
        _crm.Add(plan);
        _crm.Set(SimulatedContact.Ordinary(plan.ContactIds[0]) with { PhoneNumber = null });
        _crm.FailPosts(503, times: 1);

        var result = await Dispatch(
            _services,
            uncertainFor: mayHaveHadOneBefore ? TimeSpan.FromSeconds(1) : null,
            attempts: 1,
            cancellationToken,
            plan: plan
        );

        Assert.That(
            result,
            mayHaveHadOneBefore ? Is.InstanceOf<DispatchResult.Unverified>() : FailedAs(FailureCodes.Dispatch4xx)
        );
        Assert.That(_crm.PostCount, Is.EqualTo(mayHaveHadOneBefore ? 0 : 1));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_refusal_in_another_encoding_is_a_refusal(CancellationToken cancellationToken)
    {
        _crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = 422,
                Body = """{"error":"\ud800"}""",
            }
        );

        Assert.That(
            await Dispatch(uncertainFor: null, cancellationToken),
            Is.EqualTo(new DispatchResult.Failed(FailureCodes.Dispatch4xx, "422"))
        );
    }

    /// <summary>The CRM would take the message, send it to nobody, and we would call it sent.</summary>
    [TestCase("null")]
    [TestCase("\" \"")]
    [CancelAfter(10_000)]
    public async Task Without_an_e_mail_address_no_e_mail_is_posted(string email, CancellationToken cancellationToken)
    {
        ChangeAddressTo(email);

        Assert.That(
            await Dispatch(uncertainFor: null, cancellationToken),
            Is.EqualTo(new DispatchResult.Failed(FailureCodes.Dispatch4xx, "no e-mail address"))
        );
        Assert.That(_crm.PostCount, Is.Zero);
    }

    [Test, CancelAfter(10_000)]
    public async Task One_that_got_its_e_mail_before_its_address_was_deleted_is_sent(
        CancellationToken cancellationToken
    )
    {
        await Dispatch(uncertainFor: null, cancellationToken);
        ChangeAddressTo("null");

        Assert.That(await Dispatch(TimeSpan.FromSeconds(1), cancellationToken), Is.InstanceOf<DispatchResult.Sent>());
    }

    [Test, CancelAfter(10_000)]
    public async Task One_whose_conversation_collides_with_anothers_is_posted_again(CancellationToken cancellationToken)
    {
        // The throttle waits twice the cap for a CRM that refuses: a shorter one is over when this thread is late.
        await using var services = Services(TimeProvider.System, retryCount: 2, backoffCap: "00:00:03");
        LetConversationsCollide(times: 1);

        var result = await Dispatch(services, uncertainFor: null, attempts: 1, cancellationToken);

        Assert.That(result, Is.InstanceOf<DispatchResult.Sent>());
        Assert.That(_crm.Messages(_plan.CampaignId), Has.Count.EqualTo(1));
        Assert.That(_crm.LookupCount, Is.Zero, "it was certainly not stored");
    }

    [Test, CancelAfter(10_000)]
    public async Task While_conversations_collide_nobody_fails(CancellationToken cancellationToken)
    {
        LetConversationsCollide(times: null);

        Assert.That(
            await Dispatch(uncertainFor: null, cancellationToken, attempts: 100),
            Is.EqualTo(new DispatchResult.Withheld(WithheldReason.Throttled))
        );
    }

    /// <summary>Of the contact; what the inbox holds of it stays.</summary>
    private void ChangeAddressTo(string email) =>
        AnswerContactsWith(
            $$$"""
            {"id":"{{{_plan.ContactIds[0]}}}","email":{{{email}}},"identifier":"17",
            "contact_inboxes":[{"source_id":"ana@example.com","inbox":{"id":"{{{_plan.InboxId}}}"}}]}
            """
        );

    private void LetConversationsCollide(int? times) =>
        _crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = 422,
                Body = """
                {"success":false,"error":{"code":"VALIDATION_ERROR","message":"Conversation creation failed",
                "details":"Couldn't find Conversation with [WHERE \"conversations\".\"inbox_id\" = $1]"}}
                """,
                Times = times,
            }
        );

    private ServiceProvider Services(
        TimeProvider time,
        int retryCount,
        IInboxQuotas? quotas = null,
        string backoffCap = "00:00:00.010",
        int concurrency = 64,
        string timeout = "00:00:30",
        string settleTime = "00:00:00.100",
        InboxLimit? limit = null
    )
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    // Nobody connects to it.
                    ["Database:Host"] = "127.0.0.1",
                    ["Database:Username"] = "nobody",
                    ["Database:Database"] = "none",
                    ["Crm:BaseUrl"] = _crm.BaseUrl.AbsoluteUri,
                    ["Crm:ApiToken"] = _crm.Token,
                    ["Dispatch:Timeout"] = timeout,
                    ["Dispatch:SettleTime"] = settleTime,
                    ["Dispatch:Concurrency"] = $"{concurrency}",
                    ["Dispatch:RetryCount"] = $"{retryCount}",
                    ["Dispatch:BackoffBase"] = "00:00:00.001",
                    ["Dispatch:BackoffCap"] = backoffCap,
                }
            )
            .Build();
        return new ServiceCollection()
            .AddSingleton(time)
            .AddLogging()
            .AddCampaignSenderOptions(configuration)
            .AddSenderTelemetry()
            .AddDatabase()
            .AddCampaigns()
            .AddPacing()
            .AddSingleton<IInboxLimits>(
                new TokenBucket(
                    time as FakeTimeProvider ?? new FakeTimeProvider(),
                    limit ?? new InboxLimit(1, RefillRate: 0)
                )
            )
            .AddSingleton(quotas ?? new NoQuotas())
            .AddCrm()
            .BuildServiceProvider();
    }

    private void TroubleTheCrm(bool takesOthers)
    {
        var condition = _services.GetRequiredService<CrmCondition>();
        for (var answer = 0; answer < 30; answer++)
        {
            condition.Answered(CrmAnswerKind.Retryable);
        }

        Take(takesOthers);
    }

    /// <summary>Somebody else's message.</summary>
    private void Take(bool isTaken)
    {
        if (isTaken)
        {
            _services.GetRequiredService<CrmCondition>().MessageTaken();
        }
    }

    private void AnswerContactsWith(string body) =>
        _crm.Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Contact,
                Status = 200,
                Body = body,
            }
        );

    private static EqualStringConstraint FailedAs(string code) =>
        Is.InstanceOf<DispatchResult.Failed>().And.Property(nameof(DispatchResult.Failed.Code)).EqualTo(code);

    private static EqualConstraint<WithheldReason> WithheldAs(WithheldReason reason) =>
        Is.InstanceOf<DispatchResult.Withheld>().And.Property(nameof(DispatchResult.Withheld.Reason)).EqualTo(reason);

    private Task<DispatchResult> Dispatch(
        TimeSpan? uncertainFor,
        CancellationToken cancellationToken,
        int attempts = 1
    ) => Dispatch(_services, uncertainFor, attempts, cancellationToken);

    private Task<DispatchResult> Dispatch(
        ServiceProvider services,
        TimeSpan? uncertainFor,
        int attempts,
        CancellationToken cancellationToken,
        Func<CancellationToken, ValueTask<bool>>? mayDispatch = null,
        CancellationToken? abandon = null,
        CampaignPlan? plan = null,
        Func<CancellationToken, ValueTask<string?>>? reasonAgainst = null,
        Func<long, bool>? mayStillBeWritten = null,
        Action? onlyResting = null
    )
    {
        plan ??= _plan;
        var page = services.GetRequiredService<DispatchSlots>().Open(plan.CampaignId, onlyResting);
        var slot = page.Open();
        page.AllAreBegun();
        return services
            .GetRequiredService<ContactDispatcher>()
            .Dispatch(
                Given.Order with
                {
                    CampaignId = plan.CampaignId,
                    InboxId = plan.InboxId,
                    Channel = plan.Channel,
                    ContactId = plan.ContactIds[0],
                    UncertainFor = uncertainFor,
                    Attempts = attempts,
                    MayDispatch = mayDispatch ?? Given.Order.MayDispatch,
                    ReasonAgainst = reasonAgainst ?? Given.Order.ReasonAgainst,
                    MayStillBeWritten = mayStillBeWritten ?? Given.Order.MayStillBeWritten,
                },
                slot,
                cancellationToken,
                abandon ?? cancellationToken
            );
    }
}
