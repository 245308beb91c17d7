using System.Net.Sockets;
using CampaignSender.Contracts;
using CampaignSender.Host.Validation;
using MassTransit;
using Npgsql;
using NUnit.Framework;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace CampaignSender.Tests.Validation;

internal sealed class When_a_fault_is_classified
{
    private static readonly InvalidMessageException Invalid = new([new Violation("$", "no JSON")], 1);
    private static readonly PermanentFaultException NoInbox = new(PermanentFaultReasons.NoInbox, "no inbox");

    [TestCaseSource(nameof(Faults))]
    public void Its_kind_follows_from_its_type(Exception exception, FaultKind kind) =>
        Assert.That(FaultClassifier.Classify(exception), Is.EqualTo(kind));

    [TestCaseSource(nameof(Faults))]
    public void A_wrapped_one_is_what_it_wraps(Exception exception, FaultKind kind) =>
        Assert.Multiple(() =>
        {
            Assert.That(FaultClassifier.Classify(new InvalidOperationException("outer", exception)), Is.EqualTo(kind));
            Assert.That(FaultClassifier.Classify(new AggregateException(exception)), Is.EqualTo(kind));
            Assert.That(
                FaultClassifier.Classify(new IOException("outer", new AggregateException(exception))),
                Is.EqualTo(kind)
            );
        });

    // Class 08 connection, 25 transaction state (a server that has become read only), 28 authorization, 3D no such
    // database, 40 rollback, 53 resources, 55 object state, 57 operator, 58 system, XX internal.
    [TestCase("08000")]
    [TestCase("08006")]
    [TestCase("25006")]
    // Statements that a pooler's connection does not know, or knows already; tables of another owner.
    [TestCase("26000")]
    [TestCase("28P01")]
    [TestCase("3D000")]
    [TestCase("40001")]
    [TestCase("40P01")]
    [TestCase("53100")]
    [TestCase("53300")]
    [TestCase("42P05")]
    // A table, a column or a schema that a backup does not have; a privilege that was taken away; an exchanged type.
    [TestCase("42P01")]
    [TestCase("42703")]
    [TestCase("3F000")]
    [TestCase("42501")]
    [TestCase("42804")]
    [TestCase("0A000")]
    [TestCase("55P03")]
    [TestCase("57014")]
    [TestCase("57P01")]
    [TestCase("57P03")]
    [TestCase("58030")]
    [TestCase("XX000")]
    [TestCase("XX001")]
    public void A_fault_of_the_database_server_is_infrastructure(string sqlState) =>
        Assert.That(FaultClassifier.Classify(Refused(sqlState)), Is.EqualTo(FaultKind.Infrastructure));

    [TestCase("22021")]
    [TestCase("22P02")]
    [TestCase("23505")]
    [TestCase("54000")]
    [TestCase("P0001")]
    public void A_statement_that_the_database_refuses_is_unexpected(string sqlState) =>
        Assert.That(FaultClassifier.Classify(Refused(sqlState)), Is.EqualTo(FaultKind.Unexpected));

    [Test]
    public void The_reason_of_a_dead_letter_is_that_of_the_innermost_fault() =>
        Assert.Multiple(() =>
        {
            Assert.That(FaultClassifier.ReasonOf(Invalid), Is.EqualTo("malformed_payload"));
            Assert.That(FaultClassifier.ReasonOf(NoInbox), Is.EqualTo("no_inbox"));
            Assert.That(FaultClassifier.ReasonOf(new AggregateException(Invalid)), Is.EqualTo("malformed_payload"));
            Assert.That(
                FaultClassifier.ReasonOf(new InvalidOperationException("outer", new AggregateException(NoInbox))),
                Is.EqualTo("no_inbox")
            );
            Assert.That(FaultClassifier.ReasonOf(new InvalidOperationException()), Is.EqualTo("unexpected"));
        });

    private static IEnumerable<TestCaseData> Faults() =>
        [
            Row(Invalid, FaultKind.Permanent),
            Row(NoInbox, FaultKind.Permanent),
            Row(new PageInterruptedException(Guid.Empty, 1), FaultKind.Cancelled),
            Row(new OperationCanceledException(), FaultKind.Cancelled),
            Row(new TaskCanceledException(), FaultKind.Cancelled),
            Row(new ConsumerCanceledException(), FaultKind.Cancelled),
            Row(new NpgsqlException("the connection broke"), FaultKind.Infrastructure),
            Row(new NpgsqlException("timeout", new TimeoutException()), FaultKind.Infrastructure),
            Row(new SocketException((int)SocketError.ConnectionRefused), FaultKind.Infrastructure),
            Row(new TimeoutException(), FaultKind.Infrastructure),
            Row(new TransportException(new Uri("rabbitmq://h"), "gone"), FaultKind.Infrastructure),
            Row(new TransportUnavailableException(), FaultKind.Infrastructure),
            Row(new RabbitMqConnectionException("gone"), FaultKind.Infrastructure),
            Row(new MessageNotAcknowledgedException(new Uri("rabbitmq://h"), "no"), FaultKind.Infrastructure),
            Row(new OperationInterruptedException(Shutdown()), FaultKind.Infrastructure),
            Row(new AlreadyClosedException(Shutdown()), FaultKind.Infrastructure),
            Row(new BrokerUnreachableException(new IOException()), FaultKind.Infrastructure),
            Row(new InvalidOperationException(), FaultKind.Unexpected),
            Row(new KeyNotFoundException(), FaultKind.Unexpected),
            Row(new IOException(), FaultKind.Unexpected),
            Row(new HttpRequestException(), FaultKind.Unexpected),
            Row(new ObjectDisposedException("a connection"), FaultKind.Unexpected),
        ];

    private static TestCaseData Row(Exception exception, FaultKind kind) =>
        new TestCaseData(exception, kind).SetArgDisplayNames(exception.GetType().Name, kind.ToString());

    private static PostgresException Refused(string sqlState) => new("refused", "ERROR", "ERROR", sqlState);

    private static ShutdownEventArgs Shutdown() => new(ShutdownInitiator.Peer, 320, "CONNECTION_FORCED");
}
