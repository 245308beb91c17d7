using System.CommandLine;
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
                    async services =>
                    {
                        var port = services.GetRequiredService<IOptions<RunOptions>>().Value.Port;
                        return await Ask(port, cancellationToken);
                    }
                )
        );
        return health;
    }

    private static async Task<int> Ask(int port, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://localhost:{port}/health"), cancellationToken);
            return answer.IsSuccessStatusCode ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"Nothing answers on port {port}: {exception.Message}");
            return ExitCodes.Failure;
        }
    }
}
