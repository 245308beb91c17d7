using CampaignSender.Host.Configuration;
using NUnit.Framework;

namespace CampaignSender.Tests.Configuration;

public sealed class The_page_about_configuration
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.PathOf("docs/configuration.md"));

    [TestCaseSource(nameof(Variables))]
    public void Lists_the_variable(string name)
    {
        var variable = EnvironmentVariables.Named(name);
        var key = variable.Key is null ? "–" : $"`{variable.Key}`";

        var row = Lines.Single(line => line.StartsWith($"| `{name}` |", StringComparison.Ordinal));
        var cells = row.Split('|', StringSplitOptions.TrimEntries);

        Assert.That(cells[2], Is.EqualTo(key));
        Assert.That(cells[3], Is.EqualTo(variable.Kind.Expected));
        Assert.That(cells[4], Is.EqualTo(variable.Default));
        Assert.That(cells[5], Is.EqualTo(variable.Meaning));
    }

    [Test]
    public void Lists_no_variable_that_does_not_exist()
    {
        var listed = Lines.Where(line => line.StartsWith("| `", StringComparison.Ordinal));

        Assert.That(
            listed.Select(line => line.Split('`')[1]),
            Is.EqualTo(EnvironmentVariables.All.Select(variable => variable.Name))
        );
    }

    private static IEnumerable<string> Variables() => EnvironmentVariables.All.Select(variable => variable.Name);
}
