using CampaignSender.Host.Database;
using Dapper;
using Npgsql;

namespace CampaignSender.Host.Recording;

internal sealed class OutcomeStore(NpgsqlDataSource database)
{
    /// <summary>Returns the rows that were written, and those that somebody has locked.</summary>
    /// <param name="isRepeated">Whether they may have been written before, without an answer.</param>
    public Task<IEnumerable<RecordedRow>> Record(
        IReadOnlyCollection<ContactOutcome> outcomes,
        bool isRepeated,
        CancellationToken cancellationToken
    ) =>
        database.Run(
            RecordingSql.Record,
            new
            {
                rowIds = outcomes.Select(outcome => outcome.RowId).ToArray(),
                contactIds = outcomes.Select(outcome => outcome.ContactId).ToArray(),
                claimIds = outcomes.Select(outcome => outcome.ClaimId).ToArray(),
                statuses = outcomes.Select(outcome => Name(outcome.Status)).ToArray(),
                codes = outcomes.Select(outcome => outcome.Code).ToArray(),
                reasons = outcomes.Select(outcome => outcome.Reason).ToArray(),
                messageIds = outcomes.Select(outcome => outcome.MessageId).ToArray(),
                isRepeated,
            },
            static (connection, command) => connection.QueryAsync<RecordedRow>(command),
            cancellationToken
        );

    private static string Name(ContactStatus status) =>
        status switch
        {
            ContactStatus.Sent => "SENT",
            ContactStatus.Failed => "FAILED",
            _ => "SKIPPED",
        };
}
