using System.Net.Sockets;
using CampaignSender.Contracts;
using Confluent.Kafka;
using MassTransit;
using Npgsql;
using RabbitMQ.Client.Exceptions;

namespace CampaignSender.Host.Validation;

/// <summary>Decides in one place what a failed page means for its message.</summary>
internal static class FaultClassifier
{
    public static FaultKind Classify(Exception exception) =>
        exception switch
        {
            InvalidMessageException or PermanentFaultException => FaultKind.Permanent,
            PageInterruptedException or OperationCanceledException or ConsumerCanceledException => FaultKind.Cancelled,
            PostgresException postgres => Classify(postgres),
            NpgsqlException or SocketException or TimeoutException => FaultKind.Infrastructure,
            TransportException or TransportUnavailableException or ConnectionException => FaultKind.Infrastructure,
            KafkaException => FaultKind.Infrastructure,
            OperationInterruptedException
            or BrokerUnreachableException
            or RabbitMQ.Client.Exceptions.PublishException => FaultKind.Infrastructure,
            { InnerException: { } inner } => Classify(inner),
            _ => FaultKind.Unexpected,
        };

    /// <summary>Somebody else is at work on the same rows for longer than we wait.</summary>
    public static bool IsLockedOut(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable }
        || (exception.InnerException is { } inner && IsLockedOut(inner));

    /// <summary>Tables that are not there, or not as they were: a backup, an exchange, a privilege that was taken away.</summary>
    public static bool IsOfSchema(PostgresException exception) => exception.SqlState[..2] is "0A" or "3F" or "42";

    public static string ReasonOf(Exception exception) =>
        exception switch
        {
            InvalidMessageException => PermanentFaultReasons.MalformedPayload,
            PermanentFaultException permanent => permanent.Reason,
            { InnerException: { } inner } => ReasonOf(inner),
            _ => PermanentFaultReasons.Unexpected,
        };

    /// <summary>
    /// Our statements are constants that the tests have run: what else the server refuses about them is its state, for an
    /// operator to mend. By SQLSTATE classes, of https://www.postgresql.org/docs/current/errcodes-appendix.html.
    /// </summary>
    private static FaultKind Classify(PostgresException exception) =>
        exception.IsTransient || IsStateOfServer(exception.SqlState[..2]) || IsOfSchema(exception)
            ? FaultKind.Infrastructure
            : FaultKind.Unexpected;

    private static bool IsStateOfServer(string sqlStateClass) =>
        sqlStateClass switch
        {
            // The connection; the login; no such database; out of memory, disk or connections; a lock that is not to be had;
            // ended by an operator; the system's; a defect of the server.
            "08" or "28" or "3D" or "53" or "55" or "57" or "58" or "XX" => true,
            // A server that has become read-only; a transaction that others' locks ended.
            "25" or "40" => true,
            // A pooler has given the transaction another connection, see POSTGRES_PREPARED_STATEMENTS.
            "26" => true,
            _ => false,
        };
}
