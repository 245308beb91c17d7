using System.CommandLine;
using System.Net;
using CampaignSender.Host.Configuration;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Commands;

/// <summary>For images without a shell: asks the service of this container whether it lives.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static Command Build()
    {
        var health = new Command(
            "health",
            "Asks the service that runs on this machine whether it lives. For containers."
        );
        health.SetAction(
            (_, cancellationToken) =>
                CommandHost.Run(
                    _ => { },
                    services => Ask(services.GetRequiredService<IOptions<RunOptions>>().Value, cancellationToken)
                )
        );
        return health;
    }

    private static async Task<int> Ask(RunOptions run, CancellationToken cancellationToken)
    {
        // A proxy of the environment is for others.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        var health = new UriBuilder(Uri.UriSchemeHttp, HostOf(run), run.Port, "health").Uri;
        try
        {
            using var answer = await http.GetAsync(health, cancellationToken);
            return answer.IsSuccessStatusCode ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"Nothing answers at {health}: {exception.Message}");
            return ExitCodes.Failure;
        }
    }

    private static string HostOf(RunOptions run)
    {
        var address = IPAddress.Parse(run.ListenAddress);
        return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "localhost" : run.ListenAddress;
    }
}
