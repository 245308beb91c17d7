using System.Diagnostics.Metrics;
using CampaignSender.Host.Crm;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_the_token_is_no_header
{
    [Test]
    public void It_is_refused_before_any_request()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var crm = new CrmOptions { BaseUrl = new Uri("http://localhost"), ApiToken = "first line\nsecond: line" };

        Assert.That(
            () =>
                new CrmConnections(
                    Options.Create(crm),
                    Options.Create(new DispatchOptions()),
                    services.GetRequiredService<IMeterFactory>()
                ),
            Throws.InstanceOf<FormatException>()
        );
    }
}
