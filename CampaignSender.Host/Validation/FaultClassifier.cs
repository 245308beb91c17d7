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

    public static string ReasonOf(Exception exception) =>
        exception switch
        {
            InvalidMessageException => PermanentFaultReasons.MalformedPayload,
            PermanentFaultException permanent => permanent.Reason,
            { InnerException: { } inner } => ReasonOf(inner),
            _ => PermanentFaultReasons.Unexpected,
        };

    // The server answers, so a fault is ours unless it says that the fault is its own: SQLSTATE classes of
    // https://www.postgresql.org/docs/current/errcodes-appendix.html.
    private static FaultKind Classify(PostgresException exception) =>
        exception.IsTransient
        || exception.SqlState[..2]
            is "08"
                or "25"
                or "26"
                or "28"
                or "3D"
                or "40"
                or "53"
                or "55"
                or "57"
                or "58"
                or "XX"
        // A pooler has given the transaction another connection, see POSTGRES_PREPARED_STATEMENTS.
        || exception.SqlState is PostgresErrorCodes.DuplicatePreparedStatement
        // A privilege that an operator took away is given back.
        || exception.SqlState is PostgresErrorCodes.InsufficientPrivilege
            ? FaultKind.Infrastructure
            : FaultKind.Unexpected;
}
