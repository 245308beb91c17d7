using CampaignSender.Sandbox.Campaigns;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CampaignSender.Sandbox.Crm;

/// <summary>
/// The CRM's side of the wire, over real HTTP: threads are found or created, messages are never deduplicated. It keeps a
/// record of every message that it stored, for the reckoning, and goes wrong on request.
/// </summary>
internal sealed class SimulatedCrm : IAsyncDisposable
{
    private readonly CrmDirectory _directory = new();
    private readonly CrmThreads _threads = new();
    private readonly CrmFaults _faults = new();
    private readonly CrmCounters _counters = new();
    private readonly RequestLimiter _limiter = new();
    private readonly CrmJournal _journal;
    private readonly CrmApi _api;
    private TaskCompletionSource _release = new();
    private WebApplication? _application;

    private SimulatedCrm(SimulatedCrmOptions options)
    {
        _journal = new CrmJournal(options.KeepsJournal);
        _api = new CrmApi(_directory, _threads, _faults, _counters, _journal, _limiter)
        {
            Options = options,
            Latency = options.Latency,
        };
        Limit = options.Limit;
    }

    public Uri BaseUrl { get; private set; } = null!;

    public string Token => _api.Options.Token;

    /// <summary>The time that every answer takes from now on.</summary>
    public TimeSpan Latency
    {
        get => _api.Latency;
        set => _api.Latency = value;
    }

    /// <summary>How many requests it takes from now on; null: as many as come.</summary>
    public RequestLimit? Limit
    {
        get => _limiter.Limit;
        set => _limiter.Limit = value;
    }

    /// <summary>Those that were refused for there being too many.</summary>
    public long RefusedRequests => _limiter.Refused;

    /// <summary>Empty unless the options want one.</summary>
    public IReadOnlyCollection<CrmJournalEntry> Journal => _journal.Entries;

    public long RequestCount => _counters.Total;

    public long ContactRequests => _counters[CrmRequestKind.Contact];

    /// <summary>Posts with a message, whatever came of them.</summary>
    public long PostCount => _counters[CrmRequestKind.Post];

    public long LookupCount => _counters[CrmRequestKind.Lookup];

    /// <summary>Requests that the CRM does not know.</summary>
    public IReadOnlyCollection<string> UnexpectedRequests => _counters.Unexpected;

    public static async Task<SimulatedCrm> Start(SimulatedCrmOptions options, CancellationToken cancellationToken)
    {
        var crm = new SimulatedCrm(options);
        await crm.Listen(options.Port, cancellationToken);
        return crm;
    }

    /// <summary>
    /// Goes down as a crashed CRM does: connections are cut, new ones are refused. What was in work may still be carried
    /// out, and what it has stored stays.
    /// </summary>
    public async Task StopListening()
    {
        if (Interlocked.Exchange(ref _application, null) is { } application)
        {
            await using (application)
            {
                await application
                    .StopAsync(new CancellationToken(canceled: true))
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Comes back at the same address.</summary>
    public Task Listen(CancellationToken cancellationToken) => Listen(BaseUrl.Port, cancellationToken);

    /// <summary>Lets the CRM know the campaign's inbox and template.</summary>
    public void Add(CampaignPlan plan) => _directory.Add(plan);

    public void Set(SimulatedContact contact) => _directory.Set(contact);

    public void RemoveContact(Guid contactId) => _directory.Remove(contactId);

    public void BlockContact(Guid contactId) => Set(SimulatedContact.Ordinary(contactId) with { Blocked = true });

    public void Fail(FaultRule rule) => _faults.Add(rule);

    public void StopFailing(FaultRule rule) => _faults.Remove(rule);

    public void StopFailing() => _faults.Clear();

    public void FailPosts(int status, int? times = null) =>
        Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                Status = status,
                Times = times,
            }
        );

    /// <summary>Stores the messages and cuts the connection instead of answering.</summary>
    public void LoseAnswers(int times) =>
        Fail(
            new FaultRule
            {
                Kind = CrmRequestKind.Post,
                IsCarriedOut = true,
                Times = times,
            }
        );

    /// <summary>The same for a part of the messages, 0 to 1, from now on.</summary>
    public void LoseShareOfAnswers(double share)
    {
        if (share > 0)
        {
            Fail(
                new FaultRule
                {
                    Kind = CrmRequestKind.Post,
                    IsCarriedOut = true,
                    Share = share,
                }
            );
        }
    }

    /// <summary>Cuts the connection before anything is stored.</summary>
    public void LoseRequests(int times) => Fail(new FaultRule { Kind = CrmRequestKind.Post, Times = times });

    /// <summary>
    /// Posts, to one contact or to all, are received and neither carried out nor answered until <see cref="Release"/>.
    /// </summary>
    public void Hold(Guid? contactId = null)
    {
        _api.Held = contactId;
        _release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _api.Released = _release.Task;
    }

    /// <summary>Carries out and answers what was held, whether or not the sender still waits for it.</summary>
    public void Release()
    {
        _api.Released = Task.CompletedTask;
        _release.TrySetResult();
    }

    public Task WaitForPosts(long count, CancellationToken cancellationToken) =>
        _counters.WaitUntil(() => PostCount >= count, cancellationToken);

    public Task WaitForMessages(long count, CancellationToken cancellationToken) =>
        _counters.WaitUntil(() => _threads.MessageCount >= count, cancellationToken);

    /// <summary>The messages of a campaign that were stored, in their order.</summary>
    public IReadOnlyCollection<StoredMessage> Messages(Guid campaignId) => _threads.OfCampaign(campaignId);

    /// <inheritdoc cref="CrmThreads.Repeated"/>
    public IEnumerable<(Guid CampaignId, Guid ContactId)> Repeated => _threads.Repeated;

    public async ValueTask DisposeAsync()
    {
        Release();
        if (_application is { } application)
        {
            await application.DisposeAsync();
        }
    }

    private async Task Listen(int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(_api.Options.Address, port, Secure));
        var application = builder.Build();
        application.MapFallback("{**path}", _api.Answer);
        await application.StartAsync(cancellationToken);
        BaseUrl = new Uri(application.Urls.Single());
        _application = application;
    }

    private void Secure(ListenOptions endpoint)
    {
        if (_api.Options.Certificate is { } certificate)
        {
            endpoint.UseHttps(certificate);
        }
    }
}
