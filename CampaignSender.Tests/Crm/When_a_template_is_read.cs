using System.Text;
using CampaignSender.Host.Crm;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_a_template_is_read
{
    private const string Id = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

    private const string Full = $$$"""
        {"id":"{{{Id}}}","name":"offer","content":"Hi {{contact.name}}","language":"pt_BR","category":"MARKETING",
         "active":true,"settings":{"subject":"For {{contact.name}}"},"variables":[{"name":"b","example":"1"},{"name":"a"}]}
        """;

    private const string Other = """{"id":"7c9e6679-7425-40de-944b-e07fc1f90ae8","name":"other","content":"Bye"}""";

    private static readonly Guid TemplateId = Guid.Parse(Id);

    [TestCase(Full)]
    [TestCase($$"""{"success":true,"data":{{Full}}}""")]
    public void The_newer_endpoint_answers_with_one(string body) =>
        AssertFull(CrmTemplateReader.ReadOne(Given.Body(body)));

    [TestCase($"[{Full}]")]
    [TestCase($"[{Other},{Full}]")]
    [TestCase($"[null,7,{{}},{Other},{Full},{Other}]")]
    [TestCase($$$"""{"success":true,"data":[{{{Other}}},{{{Full}}}],"meta":{}}""")]
    public void The_older_endpoint_lists_it_among_others(string body)
    {
        Assert.That(CrmTemplateReader.TryReadFromList(Given.Body(body), TemplateId, out var template));
        AssertFull(template);
    }

    [TestCase("[]")]
    [TestCase($"[{Other}]")]
    [TestCase("""{"data":[]}""")]
    [TestCase("""[{"id":"7c9e6679-7425-40de-944b-e07fc1f90ae7"}]""")]
    [TestCase("""[{"id":17,"name":"offer","content":"Hi"}]""")]
    public void A_list_without_it_has_none(string body)
    {
        Assert.That(CrmTemplateReader.TryReadFromList(Given.Body(body), TemplateId, out var template));
        Assert.That(template, Is.Null);
    }

    /// <summary>It does not say that there is no such template: no page is given up for it.</summary>
    [TestCase($"[{Other},{Full}")]
    [TestCase($$"""{"data":[{{Full}}]""")]
    [TestCase(Full)]
    public void What_was_cut_off_or_is_something_else_is_no_list(string body) =>
        Assert.That(CrmTemplateReader.TryReadFromList(Given.Body(body), TemplateId, out _), Is.False);

    [TestCase("")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("""{"data":null}""")]
    [TestCase("""{"name":"offer"}""")]
    [TestCase("""{"content":"Hi"}""")]
    [TestCase("""{"name":"offer","content":null}""")]
    [TestCase("""{"name":"offer","content":"Hi" """)]
    [TestCase("<html>Bad gateway</html>")]
    public void A_body_that_holds_none_is_none(string body)
    {
        Assert.That(CrmTemplateReader.ReadOne(Given.Body(body)), Is.Null);
        Assert.That(CrmTemplateReader.TryReadFromList(Given.Body(body), TemplateId, out _), Is.False);
    }

    [Test]
    public void A_body_in_another_encoding_is_none()
    {
        var body = Encoding.Latin1.GetBytes($$"""{"id":"{{Id}}","name":"é","content":"é"}""");

        Assert.That(CrmTemplateReader.ReadOne(body), Is.Null);
        Assert.That(CrmTemplateReader.TryReadFromList(body, TemplateId, out _), Is.False);
    }

    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("""["name",7,null,{},{"name":null}]""")]
    public void It_may_have_neither_id_nor_variables(string variables)
    {
        var template = CrmTemplateReader.ReadOne(
            Given.Body($$"""{"name":"offer","content":"Hi","variables":{{variables}}}""")
        )!;

        Assert.That(template.Variables, Is.Empty);
        Assert.That(template.Id, Is.Null);
        Assert.That(template.Language, Is.Null);
        Assert.That(template.Category, Is.Null);
    }

    private static void AssertFull(CrmTemplate? template)
    {
        Assert.That(template, Is.Not.Null);
        Assert.Multiple(() =>
        {
            Assert.That(template!.Id, Is.EqualTo(Id));
            Assert.That(template.Name, Is.EqualTo("offer"));
            Assert.That(template.Content, Is.EqualTo("Hi {{contact.name}}"));
            Assert.That(template.Subject, Is.EqualTo("For {{contact.name}}"));
            Assert.That(template.Language, Is.EqualTo("pt_BR"));
            Assert.That(template.Category, Is.EqualTo("MARKETING"));
            Assert.That(template.Variables, Is.EqualTo((string[])["b", "a"]));
        });
    }
}
