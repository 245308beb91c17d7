using System.Text;
using CampaignSender.Host.Crm;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_an_error_is_read
{
    private const int MaxDetails = 500;

    [Test]
    public void A_code_beside_the_error_is_read() =>
        Assert.That(
            Read("""{"error":"Invalid service token","code":"SERVICE_TOKEN_UNAUTHORIZED"}"""),
            Is.EqualTo(("SERVICE_TOKEN_UNAUTHORIZED", "Invalid service token"))
        );

    [Test]
    public void A_code_in_the_error_is_read()
    {
        const string error = """{"code":"VALIDATION_ERROR","details":["Source is invalid"]}""";

        Assert.That(Read($$"""{"success":false,"error":{{error}}}"""), Is.EqualTo(("VALIDATION_ERROR", error)));
    }

    [TestCase("validation error")]
    [TestCase("Phone +5511999990001 is invalid")]
    [TestCase("ANA SOUZA")]
    [TestCase("")]
    [TestCase("A234567890123456789012345678901234567890123456789012345678901")]
    public void What_may_quote_the_request_is_no_code(string code) =>
        Assert.That(Read($$$"""{"error":{"code":"{{{code}}}"}}""").Code, Is.Null);

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("7")]
    [TestCase("{}")]
    [TestCase("""{"message":"no"}""")]
    [TestCase("""{"error":"cut o""")]
    [TestCase("<html><body>502 Bad Gateway</body></html>")]
    public void Another_body_is_passed_over(string body) =>
        Assert.That(Read(body), Is.EqualTo(default((string?, string?))));

    [Test]
    public void A_body_in_another_encoding_is_passed_over() =>
        Assert.That(
            CrmErrorBody.Read(Encoding.Latin1.GetBytes("""{"error":"Acesso negado à página"}"""), MaxDetails),
            Is.EqualTo(default((string?, string?)))
        );

    [Test]
    public void A_huge_error_is_cut()
    {
        var details = Read($$"""{"error":"{{new string('x', 4_000_000)}}"}""").Details;

        Assert.That(details, Is.EqualTo(new string('x', MaxDetails)));
    }

    [Test]
    public void A_huge_page_is_passed_over() =>
        Assert.That(Read($"<html>{new string(' ', 4_000_000)}"), Is.EqualTo(default((string?, string?))));

    [TestCase("""a\u0000b""", TestName = "A character that PostgreSQL cannot store is left out")]
    public void Details_fit_the_database(string text) =>
        Assert.That(Read($$"""{"error":"{{text}}"}""").Details, Is.EqualTo("ab"));

    [Test]
    public void A_cut_leaves_no_half_character()
    {
        var text = new string('x', MaxDetails - 1) + "😀";

        Assert.That(Read($$"""{"error":"{{text}}"}""").Details, Is.EqualTo(new string('x', MaxDetails - 1)));
    }

    private static (string? Code, string? Details) Read(string body) => CrmErrorBody.Read(Given.Body(body), MaxDetails);
}
