namespace CampaignSender.Sandbox.Servers;

/// <summary>
/// The servers that tests, demo and load runs work with. Everything that was started ends with this object, or with
/// the process that holds it, however that ends.
/// </summary>
internal sealed class LocalServers : IAsyncDisposable
{
    private PostgreSqlServer? _postgreSql;
    private RabbitMqServer? _rabbitMq;
    private KafkaServer? _kafka;

    private LocalServers() { }

    public PostgreSqlServer PostgreSql =>
        _postgreSql ?? throw new InvalidOperationException("PostgreSQL is not among the needs.");

    public RabbitMqServer RabbitMq =>
        _rabbitMq ?? throw new InvalidOperationException("RabbitMQ is not among the needs.");

    public KafkaServer Kafka => _kafka ?? throw new InvalidOperationException("Kafka is not among the needs.");

    /// <exception cref="ServerUnavailableException">One of them cannot be had.</exception>
    public static Task<LocalServers> Start(ServerNeeds needs, IServerLog log, CancellationToken cancellationToken) =>
        Start(needs, log, new Surroundings(), cancellationToken);

    internal static async Task<LocalServers> Start(
        ServerNeeds needs,
        IServerLog log,
        Surroundings surroundings,
        CancellationToken cancellationToken
    )
    {
        var servers = new LocalServers();
        using var failure = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var starts = new List<Task>();
        if (needs.HasFlag(ServerNeeds.PostgreSql))
        {
            starts.Add(
                OrCancel(
                    async () =>
                        servers._postgreSql = await PostgreSqlSource.Start(needs, log, surroundings, failure.Token),
                    failure
                )
            );
        }

        if (needs.HasFlag(ServerNeeds.RabbitMq))
        {
            starts.Add(
                OrCancel(
                    async () => servers._rabbitMq = await RabbitMqSource.Start(log, surroundings, failure.Token),
                    failure
                )
            );
        }

        if (needs.HasFlag(ServerNeeds.Kafka))
        {
            starts.Add(
                OrCancel(
                    async () => servers._kafka = await KafkaSource.Start(log, surroundings, failure.Token),
                    failure
                )
            );
        }

        try
        {
            await Task.WhenAll(starts);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(
            _postgreSql?.DisposeAsync().AsTask() ?? Task.CompletedTask,
            _rabbitMq?.DisposeAsync().AsTask() ?? Task.CompletedTask,
            _kafka?.DisposeAsync().AsTask() ?? Task.CompletedTask
        );

    /// <summary>A server that cannot be had spares us the wait for the others.</summary>
    private static Task OrCancel(Func<Task> start, CancellationTokenSource failure) =>
        Task.Run(
            async () =>
            {
                try
                {
                    await start();
                }
                catch
                {
                    await failure.CancelAsync();
                    throw;
                }
            },
            CancellationToken.None
        );
}
