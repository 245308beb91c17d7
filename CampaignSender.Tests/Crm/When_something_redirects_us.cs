using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace CampaignSender.Tests.Crm;

internal sealed class When_something_redirects_us
{
    /// <summary>With these a POST is repeated as it is: it would be a second message.</summary>
    [TestCase(HttpStatusCode.TemporaryRedirect)]
    [TestCase(HttpStatusCode.PermanentRedirect)]
    [CancelAfter(10_000)]
    public async Task It_is_not_followed(HttpStatusCode status, CancellationToken cancellationToken)
    {
        var requests = 0;
        await using var application = Redirecting(status, () => Interlocked.Increment(ref requests));
        await application.StartAsync(cancellationToken);
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var connections = Given.Connections(application.Urls.Single(), services);

        using var message = new HttpRequestMessage(HttpMethod.Post, connections.BaseUrl);
        using var answer = await connections.Send(message, cancellationToken);

        Assert.That(answer.StatusCode, Is.EqualTo(status));
        Assert.That(requests, Is.EqualTo(1));
    }

    private static WebApplication Redirecting(HttpStatusCode status, Action count)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");
        application.MapFallback(context =>
        {
            count();
            context.Response.StatusCode = (int)status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        return application;
    }
}
