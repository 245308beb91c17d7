using CampaignSender.Host.Crm;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_a_template_is_rendered
{
    [TestCase("Hello {{contact.name}}!", "Hello Ana Souza!")]
    [TestCase("Hello {contact.name}!", "Hello Ana Souza!")]
    [TestCase("{{contact.email}} and {contact.email}", "ana@example.com and ana@example.com")]
    [TestCase("{{contact.phone}}/{contact.phone}", "+5511999990001/+5511999990001")]
    [TestCase("{{ contact.name }} {\tcontact.name }", "Ana Souza Ana Souza")]
    public void Both_forms_are_filled_with_name_email_and_phone(string content, string expected) =>
        Assert.That(TemplateRenderer.Render(TemplateText.Parse(content), Given.Contact), Is.EqualTo(expected));

    [TestCase("{\"name\":\"Aninha\"}", "Aninha")]
    [TestCase("{\"name\":null}", "Ana Souza")]
    [TestCase("{\"name\":\"\"}", "Ana Souza")]
    public void A_custom_attribute_of_the_same_name_goes_first_if_it_says_something(string attributes, string expected)
    {
        var contact = Given.ContactWith(attributes);

        Assert.That(TemplateRenderer.Render(TemplateText.Parse("{{contact.name}}"), contact), Is.EqualTo(expected));
        Assert.That(TemplateRenderer.Parameter("name", contact), Is.EqualTo(expected));
    }

    [TestCase("{{{contact.name}}}", "{Ana Souza}")]
    [TestCase("{{contact.name}", "{Ana Souza")]
    [TestCase("{contact.name}}", "Ana Souza}")]
    public void The_double_form_counts_first(string content, string expected) =>
        Assert.That(TemplateRenderer.Render(TemplateText.Parse(content), Given.Contact), Is.EqualTo(expected));

    [TestCase("{{contact.name}}{{contact.email}}{{contact.phone}}")]
    [TestCase("{contact.name}{contact.email}{contact.phone}")]
    public void What_the_CRM_has_no_value_for_becomes_empty(string content) =>
        Assert.That(
            TemplateRenderer.Render(TemplateText.Parse(content), new CrmContact { Id = Given.ContactId }),
            Is.Empty
        );

    [Test, CancelAfter(10_000)]
    public void A_key_of_any_length_stays_as_it_is()
    {
        var content = $"{{{{{string.Concat(Enumerable.Repeat("contact.", 12_500))}x}}}}";

        Assert.That(TemplateRenderer.Render(TemplateText.Parse(content), Given.Contact), Is.EqualTo(content));
    }

    [TestCase("\"blue\"", "blue")]
    [TestCase("\"\"", "")]
    [TestCase("null", "")]
    [TestCase("7.50", "7.50")]
    [TestCase("true", "true")]
    [TestCase("""{"a":[1,2]}""", """{"a":[1,2]}""")]
    [TestCase("""[1,"b"]""", """[1,"b"]""")]
    public void A_custom_attribute_is_found_by_its_key(string value, string expected)
    {
        var contact = Given.ContactWith($$"""{"colour":{{value}}}""");

        Assert.That(
            TemplateRenderer.Render(TemplateText.Parse("<{{contact.colour}}|{contact.colour}>"), contact),
            Is.EqualTo($"<{expected}|{expected}>")
        );
    }

    [TestCase("favourite colour")]
    [TestCase("cor-preferida")]
    [TestCase("ação")]
    [TestCase("a.b")]
    public void A_key_may_be_any_text(string key)
    {
        var contact = Given.ContactWith($$"""{"{{key}}":"blue"}""");

        Assert.That(
            TemplateRenderer.Render(TemplateText.Parse($"{{{{contact.{key}}}}} {{contact.{key}}}"), contact),
            Is.EqualTo("blue blue")
        );
    }

    [TestCase("{{contact.colour}} {contact.colour}")]
    [TestCase("{{agent.name}} {name} {{name}} {}")]
    [TestCase("{{contact.Name}}")]
    [TestCase("{{contact.}} {{contact}}")]
    [TestCase("{{contact.name {contact.name")]
    [TestCase("nothing to fill")]
    [TestCase("")]
    public void Unknown_placeholders_stay_as_they_are(string content) =>
        Assert.That(TemplateRenderer.Render(TemplateText.Parse(content), Given.ContactWith("{}")), Is.EqualTo(content));

    [TestCase("""{"colour":"blue \ud83d"}""")]
    [TestCase("""{"\ud83d":"red","colour":"\udc00"}""")]
    public void A_value_that_is_no_text_counts_as_missing(string attributes) =>
        Assert.That(
            TemplateRenderer.Render(TemplateText.Parse("{{contact.colour}}"), Given.ContactWith(attributes)),
            Is.EqualTo("{{contact.colour}}")
        );

    [Test]
    public void A_value_is_never_filled_in_its_turn()
    {
        var contact = Given.Contact with { Name = "{{contact.email}} {contact.phone} $1" };

        Assert.That(TemplateRenderer.Render(TemplateText.Parse("{{contact.name}}"), contact), Is.EqualTo(contact.Name));
    }

    [TestCase("zip", "01310")]
    [TestCase("name", "Ana Souza")]
    [TestCase("colour", "")]
    [TestCase("age", "41")]
    [TestCase("email", "ana@example.com")]
    [TestCase("phone", "+5511999990001")]
    [TestCase("city", "")]
    public void A_parameter_without_a_value_is_empty(string variable, string expected) =>
        Assert.That(
            TemplateRenderer.Parameter(variable, Given.ContactWith("""{"age":41,"city":null,"zip":"01310"}""")),
            Is.EqualTo(expected)
        );
}
