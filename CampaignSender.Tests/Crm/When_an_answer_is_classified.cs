using System.Net;
using CampaignSender.Host.Crm;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_an_answer_is_classified
{
    [TestCase(200, CrmAnswerKind.Ok, null)]
    [TestCase(201, CrmAnswerKind.Ok, null)]
    [TestCase(202, CrmAnswerKind.Uncertain, FailureCodes.DispatchUnexpected)]
    [TestCase(204, CrmAnswerKind.Uncertain, FailureCodes.DispatchUnexpected)]
    [TestCase(299, CrmAnswerKind.Uncertain, FailureCodes.DispatchUnexpected)]
    [TestCase(300, CrmAnswerKind.Retryable, FailureCodes.DispatchUnexpected)]
    [TestCase(301, CrmAnswerKind.Retryable, FailureCodes.DispatchUnexpected)]
    [TestCase(302, CrmAnswerKind.Retryable, FailureCodes.DispatchUnexpected)]
    [TestCase(307, CrmAnswerKind.Retryable, FailureCodes.DispatchUnexpected)]
    [TestCase(308, CrmAnswerKind.Retryable, FailureCodes.DispatchUnexpected)]
    [TestCase(400, CrmAnswerKind.Rejected, FailureCodes.Dispatch4xx)]
    [TestCase(401, CrmAnswerKind.Unauthorized, FailureCodes.Dispatch4xx)]
    [TestCase(403, CrmAnswerKind.Unauthorized, FailureCodes.Dispatch4xx)]
    [TestCase(404, CrmAnswerKind.NotFound, FailureCodes.Dispatch4xx)]
    [TestCase(405, CrmAnswerKind.Rejected, FailureCodes.Dispatch4xx)]
    [TestCase(408, CrmAnswerKind.Retryable, FailureCodes.Dispatch4xx)]
    [TestCase(409, CrmAnswerKind.Rejected, FailureCodes.Dispatch4xx)]
    [TestCase(413, CrmAnswerKind.Rejected, FailureCodes.Dispatch4xx)]
    [TestCase(422, CrmAnswerKind.Rejected, FailureCodes.Dispatch4xx)]
    [TestCase(429, CrmAnswerKind.Throttled, FailureCodes.Dispatch4xx)]
    [TestCase(499, CrmAnswerKind.Rejected, FailureCodes.Dispatch4xx)]
    [TestCase(500, CrmAnswerKind.Doubtful, FailureCodes.Dispatch5xx)]
    [TestCase(501, CrmAnswerKind.Doubtful, FailureCodes.Dispatch5xx)]
    [TestCase(502, CrmAnswerKind.Uncertain, FailureCodes.Dispatch5xx)]
    [TestCase(503, CrmAnswerKind.Doubtful, FailureCodes.Dispatch5xx)]
    [TestCase(504, CrmAnswerKind.Uncertain, FailureCodes.Dispatch5xx)]
    [TestCase(519, CrmAnswerKind.Doubtful, FailureCodes.Dispatch5xx)]
    [TestCase(520, CrmAnswerKind.Uncertain, FailureCodes.Dispatch5xx)]
    [TestCase(524, CrmAnswerKind.Uncertain, FailureCodes.Dispatch5xx)]
    [TestCase(525, CrmAnswerKind.Doubtful, FailureCodes.Dispatch5xx)]
    [TestCase(599, CrmAnswerKind.Doubtful, FailureCodes.Dispatch5xx)]
    public void Its_status_decides(int status, CrmAnswerKind kind, string? category)
    {
        Assert.That(CrmAnswerClassifier.Classify((HttpStatusCode)status), Is.EqualTo(kind));
        Assert.That(CrmAnswerClassifier.CategoryOf((HttpStatusCode)status), Is.EqualTo(category));
    }

    // It numbers conversations one after the other and lets those that come at once collide: a refusal of their number.
    [TestCase("""{"code":"VALIDATION_ERROR","details":"Couldn't find Conversation with [WHERE \"inbox_id\" = $1]"}""")]
    [TestCase(
        """{"details":"PG::UniqueViolation: ERROR:  duplicate key value violates unique constraint \"index_conversations_on_display_id\""}"""
    )]
    [TestCase("""{"details":"Validation failed: Display_id has already been taken"}""")]
    [TestCase("""{"details":["Something else",7,null,"display_id is taken"]}""")]
    [TestCase("""{"details":"PG::TRDeadlockDetected: ERROR:  deadlock detected"}""")]
    [TestCase("""{"details":"PG::TRSerializationFailure: ERROR:  could not serialize access"}""")]
    public void A_collision_is_a_refusal_for_speed(string error) =>
        Assert.That(Classify(422, $$"""{"success":false,"error":{{error}}}"""), Is.EqualTo(CrmAnswerKind.Throttled));

    [TestCase(422, """{"error":{"details":["Source is invalid for whatsapp inbox"]}}""", CrmAnswerKind.Rejected)]
    [TestCase(422, """{"error":{"details":"Couldn't find Contact with 'id'=7"}}""", CrmAnswerKind.Rejected)]
    [TestCase(422, """{"error":{"details":"Template redistribution is invalid"}}""", CrmAnswerKind.Rejected)]
    [TestCase(422, """{"error":{"message":"display_id","details":{"field":"display_id"}}}""", CrmAnswerKind.Rejected)]
    [TestCase(
        422,
        """{"error":{"details":"duplicate key value violates unique constraint \"index_contact_inboxes_on_source_id\""}}""",
        CrmAnswerKind.Rejected
    )]
    [TestCase(422, """{"error":"display_id"}""", CrmAnswerKind.Rejected)]
    [TestCase(422, """{"error":{"details":"\ud800"}}""", CrmAnswerKind.Rejected)]
    [TestCase(400, """{"error":{"details":"display_id"}}""", CrmAnswerKind.Rejected)]
    [TestCase(500, """{"error":{"details":"display_id"}}""", CrmAnswerKind.Doubtful)]
    public void No_other_refusal_is(int status, string body, CrmAnswerKind kind) =>
        Assert.That(Classify(status, body), Is.EqualTo(kind));

    // Newer CRMs rescue whatever goes wrong with a conversation, and refuse the request for it.
    [TestCase("PG::ConnectionBad: connection is closed")]
    [TestCase("PG::UnableToSend: no connection to the server")]
    [TestCase("PG::AdminShutdown: FATAL")]
    [TestCase("PG::CannotConnectNow: FATAL:  the database system is starting up")]
    [TestCase("PG::ReadOnlySqlTransaction: ERROR:  cannot execute INSERT in a read-only transaction")]
    [TestCase("PG::DiskFull: ERROR:  could not extend file: No space left on device")]
    [TestCase("PG::OutOfMemory: ERROR:  out of memory")]
    [TestCase("PG::TooManyConnections: FATAL")]
    [TestCase("FATAL:  sorry, too many clients already")]
    [TestCase("FATAL:  the database system is in recovery mode")]
    [TestCase("PG::DuplicatePstatement: ERROR:  prepared statement a1 already exists")]
    [TestCase("PQconsumeInput() server closed the connection unexpectedly")]
    [TestCase("PG::QueryCanceled: ERROR:  canceling statement due to statement timeout")]
    [TestCase("PG::LockNotAvailable: ERROR:  canceling statement due to lock timeout")]
    [TestCase("FATAL:  terminating connection due to administrator command")]
    [TestCase("could not obtain a connection from the pool within 5.000 seconds")]
    [TestCase("Connection refused - connect(2) for 10.0.0.7:6379")]
    [TestCase("Error connecting to Redis on redis://redis:6379/0")]
    [TestCase("RedisClient::ReadTimeoutError: waited 1 seconds")]
    [TestCase("READONLY You can't write against a read only replica. (Redis::CommandError)")]
    public void An_outage_behind_the_CRM_is_no_refusal(string details) =>
        Assert.That(
            Classify(422, $$$"""{"error":{"code":"VALIDATION_ERROR","details":"{{{details}}}"}}"""),
            Is.EqualTo(CrmAnswerKind.Doubtful)
        );

    [TestCase("""{"success":false,"error":{"code":"CONTACT_NOT_FOUND"}}""", CrmAnswerKind.NotFound)]
    [TestCase("""{"error":"Resource could not be found"}""", CrmAnswerKind.NotFound)]
    [TestCase("404 page not found", CrmAnswerKind.Retryable)]
    [TestCase("<html><h1>404 Not Found</h1></html>", CrmAnswerKind.Retryable)]
    [TestCase("""{"message":"no Route matched with those values"}""", CrmAnswerKind.Retryable)]
    [TestCase("""["error"]""", CrmAnswerKind.Retryable)]
    [TestCase("", CrmAnswerKind.Retryable)]
    public void Only_the_CRM_itself_says_that_there_is_no_such_contact(string body, CrmAnswerKind kind) =>
        Assert.That(Classify(404, body), Is.EqualTo(kind));

    // A maintenance page, to which nobody can POST.
    [TestCase(405, "<html>405 Not Allowed</html>", CrmAnswerKind.Retryable)]
    [TestCase(410, "", CrmAnswerKind.Retryable)]
    [TestCase(421, """["error"]""", CrmAnswerKind.Retryable)]
    [TestCase(405, """{"error":"not here"}""", CrmAnswerKind.Rejected)]
    // Of the message itself, whoever says so.
    [TestCase(413, "<html>413 Request Entity Too Large</html>", CrmAnswerKind.Rejected)]
    [TestCase(400, "<html>400 Bad Request</html>", CrmAnswerKind.Rejected)]
    [TestCase(400, """{"message":"param is missing"}""", CrmAnswerKind.Rejected)]
    // Whose words broke off: they may have told of an outage.
    [TestCase(422, "", CrmAnswerKind.Doubtful)]
    [TestCase(422, """{"error":{"details":"PG::Conn""", CrmAnswerKind.Doubtful)]
    [TestCase(422, "<html>display_id</html>", CrmAnswerKind.Doubtful)]
    [TestCase(422, """{"message":"is invalid","attributes":["phone_number"]}""", CrmAnswerKind.Rejected)]
    [TestCase(401, "<html>401</html>", CrmAnswerKind.Unauthorized)]
    [TestCase(403, "", CrmAnswerKind.Unauthorized)]
    [TestCase(429, "", CrmAnswerKind.Throttled)]
    public void Only_the_CRM_itself_refuses_a_contact_for_good(int status, string body, CrmAnswerKind kind) =>
        Assert.That(Classify(status, body), Is.EqualTo(kind));

    [TestCase("upstream connect error or disconnect/reset before headers. reset reason: connection termination", true)]
    [TestCase("upstream connect error or disconnect/reset before headers. reset reason: remote reset", true)]
    [TestCase("""<iframe src="//www.herokucdn.com/error-pages/application-error.html"></iframe>""", true)]
    [TestCase("no healthy upstream", false)]
    [TestCase("upstream connect error or disconnect/reset before headers. reset reason: connection failure", false)]
    [TestCase("<html>503 Service Temporarily Unavailable</html>", false)]
    [TestCase("", false)]
    public void A_503_for_a_request_that_the_CRM_had_waits_for_it(string body, bool isAtWork) =>
        Assert.That(Classify(503, body), Is.EqualTo(isAtWork ? CrmAnswerKind.Uncertain : CrmAnswerKind.Doubtful));

    [TestCase(HttpRequestError.NameResolutionError, CrmAnswerKind.Retryable)]
    [TestCase(HttpRequestError.ConnectionError, CrmAnswerKind.Retryable)]
    [TestCase(HttpRequestError.SecureConnectionError, CrmAnswerKind.Retryable)]
    [TestCase(HttpRequestError.ProxyTunnelError, CrmAnswerKind.Uncertain)]
    [TestCase(HttpRequestError.Unknown, CrmAnswerKind.Uncertain)]
    [TestCase(HttpRequestError.HttpProtocolError, CrmAnswerKind.Uncertain)]
    [TestCase(HttpRequestError.ExtendedConnectNotSupported, CrmAnswerKind.Uncertain)]
    [TestCase(HttpRequestError.VersionNegotiationError, CrmAnswerKind.Uncertain)]
    [TestCase(HttpRequestError.UserAuthenticationError, CrmAnswerKind.Uncertain)]
    [TestCase(HttpRequestError.InvalidResponse, CrmAnswerKind.Uncertain)]
    [TestCase(HttpRequestError.ResponseEnded, CrmAnswerKind.Uncertain)]
    [TestCase(HttpRequestError.ConfigurationLimitExceeded, CrmAnswerKind.Uncertain)]
    public void A_fault_is_certain_only_where_the_request_never_left(HttpRequestError error, CrmAnswerKind kind) =>
        Assert.That(CrmAnswerClassifier.Classify(new HttpRequestException(error)), Is.EqualTo(kind));

    [Test]
    public void A_fault_that_does_not_exist_yet_is_uncertain() =>
        Assert.That(
            Enum.GetValues<HttpRequestError>()
                .Append((HttpRequestError)999)
                .Where(error =>
                    CrmAnswerClassifier.Classify(new HttpRequestException(error)) is not CrmAnswerKind.Uncertain
                ),
            Is.EquivalentTo(
                new[]
                {
                    HttpRequestError.NameResolutionError,
                    HttpRequestError.ConnectionError,
                    HttpRequestError.SecureConnectionError,
                }
            )
        );

    private static CrmAnswerKind Classify(int status, string body) =>
        CrmAnswerClassifier.Classify((HttpStatusCode)status, Given.Body(body));
}
