using System.CommandLine;
using System.Net;
using CampaignSender.Host.Configuration;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Commands;

/// <summary>For images without a shell: asks the service of this container whether it lives, or is ready.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Longer than a database that hangs is waited for.</summary>
    private static readonly TimeSpan PatienceForReady = TimeSpan.FromSeconds(35);

    public static Command Build()
    {
        var ready = new Option<bool>("--ready")
        {
            Description = "Asks whether it is ready, and prints what it lacks, as JSON",
        };
        var health = new Command(
            "health",
            "Asks the service that runs on this machine whether it lives. For containers."
        )
        {
            ready,
        };
        health.SetAction(
            (parsed, cancellationToken) =>
                CommandHost.Run(
                    _ => { },
                    services =>
                        Ask(
                            services.GetRequiredService<IOptions<RunOptions>>().Value,
                            parsed.GetValue(ready),
                            cancellationToken
                        )
                )
        );
        return health;
    }

    private static async Task<int> Ask(RunOptions run, bool isForReady, CancellationToken cancellationToken)
    {
        // A proxy of the environment is for others.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            Timeout = isForReady ? PatienceForReady : Patience,
        };
        var probe = new UriBuilder(Uri.UriSchemeHttp, HostOf(run), run.Port, isForReady ? "ready" : "health").Uri;
        try
        {
            using var answer = await http.GetAsync(probe, cancellationToken);
            if (isForReady)
            {
                Console.WriteLine(await answer.Content.ReadAsStringAsync(cancellationToken));
            }

            return answer.IsSuccessStatusCode ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            await Console.Error.WriteLineAsync($"Nothing answers at {probe}: {exception.Message}");
            return ExitCodes.Failure;
        }
    }

    private static string HostOf(RunOptions run)
    {
        var address = IPAddress.Parse(run.ListenAddress);
        return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "localhost" : run.ListenAddress;
    }
}
