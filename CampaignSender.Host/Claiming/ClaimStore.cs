using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Claiming;

internal sealed class ClaimStore(NpgsqlDataSource database)
{
    public async Task<PageSurvey> Survey(
        Guid campaignId,
        Guid correlationId,
        Guid[] contactIds,
        CancellationToken cancellationToken
    )
    {
        var survey = await database.Run(
            ClaimSql.Survey,
            new
            {
                campaignId,
                correlationId,
                contactIds,
            },
            static (connection, command) => connection.QuerySingleAsync<PageSurvey>(command),
            cancellationToken
        );
        // Once more: a pooler may have gone over to another server behind the connection.
        PrimaryOnly.Refuse(survey.IsOfStandby);
        return survey;
    }

    public Task<int> Restore(
        Guid campaignId,
        Guid correlationId,
        Guid[] contactIds,
        CancellationToken cancellationToken
    ) =>
        database.Run(
            ClaimSql.Restore,
            new
            {
                campaignId,
                correlationId,
                contactIds,
            },
            static (connection, command) => connection.ExecuteScalarAsync<int>(command),
            cancellationToken
        );

    /// <inheritdoc cref="ClaimSql.Forget"/>
    /// <returns>How many were forgotten.</returns>
    public Task<int> Forget(int limit, CancellationToken cancellationToken) =>
        database.RunLong(
            ClaimSql.Forget,
            new { limit },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    public Task<IEnumerable<ClaimedRow>> Claim(
        Guid campaignId,
        Guid correlationId,
        Guid[] contactIds,
        Guid claimId,
        TimeSpan timeToLive,
        TimeSpan settleTime,
        TimeSpan unknownAfter,
        CancellationToken cancellationToken
    ) =>
        database.Run(
            ClaimSql.Claim,
            new
            {
                campaignId,
                correlationId,
                contactIds,
                claimId,
                timeToLive,
                settleTime,
                unknownAfter,
            },
            static (connection, command) => connection.QueryAsync<ClaimedRow>(command),
            cancellationToken
        );

    /// <inheritdoc cref="ClaimSql.Renew"/>
    public Task<IEnumerable<HeldRow>> Renew(
        Guid campaignId,
        Guid[] contactIds,
        Guid claimId,
        TimeSpan timeToLive,
        CancellationToken cancellationToken
    ) =>
        database.Run(
            ClaimSql.Renew,
            new
            {
                campaignId,
                contactIds,
                claimId,
                timeToLive,
            },
            static (connection, command) => connection.QueryAsync<HeldRow>(command),
            cancellationToken
        );

    /// <param name="campaignId">The campaign.</param>
    /// <param name="contactIds">All of them.</param>
    /// <param name="failedIds">Those among them for whom it was a try.</param>
    /// <param name="claimId">Under which they are held.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<int> Release(
        Guid campaignId,
        Guid[] contactIds,
        Guid[] failedIds,
        Guid claimId,
        CancellationToken cancellationToken
    ) => Release(ClaimSql.Release, campaignId, contactIds, failedIds, claimId, cancellationToken);

    /// <inheritdoc cref="ClaimSql.ReleaseAlone"/>
    public Task<int> ReleaseAlone(
        Guid campaignId,
        Guid[] contactIds,
        Guid[] failedIds,
        Guid claimId,
        CancellationToken cancellationToken
    ) => Release(ClaimSql.ReleaseAlone, campaignId, contactIds, failedIds, claimId, cancellationToken);

    private Task<int> Release(
        string statement,
        Guid campaignId,
        Guid[] contactIds,
        Guid[] failedIds,
        Guid claimId,
        CancellationToken cancellationToken
    ) =>
        database.Run(
            statement,
            new
            {
                campaignId,
                contactIds,
                failedIds,
                claimId,
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    /// <param name="campaignId">The campaign.</param>
    /// <param name="anewIds">Those whose doubt begins now.</param>
    /// <param name="untriedIds">Those for whom it was no try.</param>
    /// <param name="claimId">Under which they are held.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<int> LeaveInDoubt(
        Guid campaignId,
        Guid[] anewIds,
        Guid[] untriedIds,
        Guid claimId,
        CancellationToken cancellationToken
    ) =>
        database.Run(
            ClaimSql.LeaveInDoubt,
            new
            {
                campaignId,
                contactIds = (Guid[])[.. anewIds, .. untriedIds],
                anewIds,
                untriedIds,
                claimId,
            },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );

    public Task<int> SkipLeftovers(Guid campaignId, Guid[] contactIds, CancellationToken cancellationToken) =>
        database.Run(
            ClaimSql.SkipLeftovers,
            new { campaignId, contactIds },
            static (connection, command) => connection.ExecuteAsync(command),
            cancellationToken
        );
}
