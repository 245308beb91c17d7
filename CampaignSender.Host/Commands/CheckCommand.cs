using System.CommandLine;
using CampaignSender.Contracts;
using CampaignSender.Host.Campaigns;
using CampaignSender.Host.Configuration;
using CampaignSender.Host.Crm;
using CampaignSender.Host.Database;
using CampaignSender.Host.Pacing;
using CampaignSender.Host.Telemetry;
using CampaignSender.Host.Transport;
using CampaignSender.Host.Transport.Kafka;
using CampaignSender.Host.Transport.RabbitMq;
using CampaignSender.Host.Validation;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Spectre.Console;

namespace CampaignSender.Host.Commands;

/// <summary>Whether the service could work here, server by server, without starting it.</summary>
internal static class CheckCommand
{
    /// <summary>A server that has not answered by then counts as away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Build()
    {
        var check = new Command(
            "check",
            "Checks settings, database, broker and CRM, and says what to mend. Changes nothing, posts nothing."
        );
        check.SetAction(
            (_, cancellationToken) =>
                CommandHost.Run(
                    builder => builder.Services.AddChecks(builder.Configuration),
                    services => Execute(services, cancellationToken)
                )
        );
        return check;
    }

    /// <summary>What it needs.</summary>
    public static IServiceCollection AddChecks(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSenderTelemetry().AddDatabase().AddCampaigns().AddPacing().AddCrm().AddBrokerAccess(configuration);

    /// <exception cref="InvalidConfigurationException">Without settings no server can be asked.</exception>
    public static async Task<int> Execute(IServiceProvider services, CancellationToken cancellationToken)
    {
        services.GetRequiredService<IStartupValidator>().Validate();
        var broker = await Check(
            "broker",
            "RABBITMQ_URL or KAFKA_*",
            token => Broker(services, token),
            cancellationToken
        );
        Checked[] checks =
        [
            new("configuration", IsWell: true, "is complete"),
            await Check("database", "POSTGRES_DB_*", token => Database(services, token), cancellationToken),
            broker,
            .. (await Notices(services, broker.IsWell, cancellationToken)).Select(notice => new Checked(
                "broker",
                IsWell: true,
                notice,
                IsNotice: true
            )),
            await Check("CRM", "EVOAI_CRM_*", token => Crm(services, token), cancellationToken),
        ];
        Answer.Write(checks, () => Array.ForEach(checks, Show));
        return checks.All(check => check.IsWell) ? ExitCodes.Success : ExitCodes.Failure;
    }

    /// <summary>What does not keep the service from working, and yet has to be known before it does.</summary>
    /// <param name="isReachable">Whether the broker can be asked.</param>
    public static async Task<IReadOnlyList<string>> Notices(
        IServiceProvider services,
        bool isReachable,
        CancellationToken cancellationToken
    )
    {
        if (services.GetService<SingleModeQueue>() is not { } single)
        {
            return [];
        }

        string?[] notices =
        [
            services.GetRequiredService<IOptions<RabbitMqOptions>>().Value.VirtualHostNotice,
            isReachable ? await NobodyConsumesNotice(services, cancellationToken) : null,
            isReachable ? await SingleModeNotice(single, cancellationToken) : null,
        ];
        return [.. notices.OfType<string>()];
    }

    private static Task<string?> NobodyConsumesNotice(IServiceProvider services, CancellationToken cancellationToken) =>
        Notice(
            Queues.Send,
            async () =>
            {
                var lag = await services.GetRequiredService<IBrokerLag>().Measure(cancellationToken);
                return lag.Sum(each => each.Consumers) == 0
                    ? $"nobody consumes the queue {Queues.Send}: no replica runs, or none is ready"
                    : null;
            },
            cancellationToken
        );

    private static Task<string?> SingleModeNotice(SingleModeQueue single, CancellationToken cancellationToken) =>
        Notice(
            SingleModeQueue.Name,
            async () =>
                await single.Find(cancellationToken) is { ConsumerCount: > 0 }
                    ? $"the queue {SingleModeQueue.Name} has consumers: evo-flow runs with RUN_MODE=single, a sender inside. "
                        + "Both would send every page: stop it, and run its other parts in modes of their own"
                    : null,
            cancellationToken
        );

    private static async Task<string?> Notice(
        string queue,
        Func<Task<string?>> look,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await look().WaitAsync(Patience, cancellationToken);
        }
        catch (OperationInterruptedException missing) when (IsMissing(missing))
        {
            return null;
        }
        catch (Exception exception) when (exception is TimeoutException or IOException or RabbitMQClientException)
        {
            return $"whether {queue} has consumers could not be found out: {FaultLog.CauseOf(exception)}";
        }
    }

    private static bool IsMissing(OperationInterruptedException exception) =>
        exception.ShutdownReason?.ReplyCode == Constants.NotFound;

    /// <param name="settings">The variables that say where it is.</param>
    /// <param name="ask">What it answers is well; why it is not, it throws.</param>
    private static async Task<Checked> Check(
        string server,
        string settings,
        Func<CancellationToken, Task<Finding>> ask,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var finding = await ask(cancellationToken).WaitAsync(Patience, cancellationToken);
            return new Checked(server, IsWell: true, finding.Text, finding.IsNotice);
        }
        catch (Exception fault) when (fault is InvalidDataException or MigrationFailedException)
        {
            return new Checked(server, IsWell: false, fault.Message);
        }
        catch (Exception exception)
            when (exception
                    is TimeoutException
                        or IOException
                        or NpgsqlException
                        or KafkaException
                        or RabbitMQClientException
            )
        {
            return new Checked(
                server,
                IsWell: false,
                $"{FaultLog.CauseOf(exception)}: expected it where {settings} says, and reachable from here"
            );
        }
    }

    private static async Task<Finding> Database(IServiceProvider services, CancellationToken cancellationToken)
    {
        var pending = await services.GetRequiredService<DatabaseMigrator>().Pending(cancellationToken);
        if (!await services.GetRequiredService<EvoFlowTables>().Exist(cancellationToken))
        {
            return new Finding(
                "is reachable, and has no table campaigns: see whether POSTGRES_DB_DATABASE names evo-flow's. If nothing else, "
                    + "`migrate`, or the start of the service, makes the tables anew, without any campaign",
                IsNotice: true
            );
        }

        var state =
            pending.Count == 0
                ? "has everything"
                : $"is reachable; {CommandText.Count(pending.Count, "migration")} to come: `migrate`, or the start of the service, applies them";
        return await services.GetRequiredService<EvoFlowTables>().AreDurable(cancellationToken)
            ? new Finding(state)
            : new Finding(
                $"{state}. Its synchronous_commit is off: what was recorded last is lost when it crashes, and sent once more. "
                    + "Expected on",
                IsNotice: true
            );
    }

    private static async Task<Finding> Broker(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetService<TopicProvisioner>() is { } kafka)
        {
            await RequireTopics(kafka, cancellationToken);
        }

        try
        {
            var lag = await services.GetRequiredService<IBrokerLag>().Measure(cancellationToken);
            return new Finding($"is reachable; {CommandText.Count(lag.Sum(each => each.Messages), "page")} waiting");
        }
        catch (OperationInterruptedException missing) when (IsMissing(missing))
        {
            return new Finding("is reachable; the queue of pages is missing: the first start of the service makes it");
        }
    }

    private static async Task RequireTopics(TopicProvisioner kafka, CancellationToken cancellationToken)
    {
        var missing = await kafka.Missing(cancellationToken);
        if (missing.Count > 0)
        {
            throw new InvalidDataException(
                $"has no topic {string.Join(", ", missing)}: `topics provision` makes those that are missing"
            );
        }
    }

    private static async Task<Finding> Crm(IServiceProvider services, CancellationToken cancellationToken)
    {
        // Nobody is this contact: a CRM that knows us says so.
        var answer = await services
            .GetRequiredService<CrmClient>()
            .GetContact(Guid.NewGuid(), cancellationToken, cancellationToken);
        return answer.Kind switch
        {
            CrmAnswerKind.Ok or CrmAnswerKind.NotFound => new Finding("answers, and takes the token"),
            CrmAnswerKind.Unauthorized => throw new InvalidDataException(
                "refuses the token: expected the CRM's service token in EVOAI_CRM_API_TOKEN"
            ),
            CrmAnswerKind.Throttled => new Finding("answers, and wants fewer requests (429)"),
            _ => throw new InvalidDataException(
                $"{answer.Fault ?? $"does not answer as a CRM does ({answer.Summary ?? answer.Kind.ToString()})"}: expected it "
                    + $"where EVOAI_CRM_BASE_URL says, at {services.GetRequiredService<CrmConnections>().BaseUrl.Authority}"
            ),
        };
    }

    private static void Show(Checked check)
    {
        var mark = check switch
        {
            { IsNotice: true } => "[yellow]note [/]",
            { IsWell: true } => "[green]ok   [/]",
            _ => "[red]FAULT[/]",
        };
        Terminal.Console.MarkupLine($"{mark}  {check.What}: {Markup.Escape(CommandText.Printable(check.Result))}");
    }

    /// <summary>Of a server that works.</summary>
    private sealed record Finding(string Text, bool IsNotice = false);

    /// <param name="Result">How it stands, or what is to be mended.</param>
    /// <param name="IsNotice">Nothing is wrong with it, but see to it.</param>
    private sealed record Checked(string What, bool IsWell, string Result, bool IsNotice = false);
}
