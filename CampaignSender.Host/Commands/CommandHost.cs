using CampaignSender.Host.Configuration;
using CampaignSender.Host.Telemetry;
using Microsoft.Extensions.Logging.Console;

namespace CampaignSender.Host.Commands;

/// <summary>What a command that is not the service itself runs in: the same settings, and warnings of the same log.</summary>
internal static class CommandHost
{
    /// <param name="prepare">Adds what the command needs.</param>
    /// <param name="command">Returns the exit code.</param>
    public static Task<int> Run(Action<HostApplicationBuilder> prepare, Func<IServiceProvider, Task<int>> command) =>
        Explained.Run(async () =>
        {
            var builder = Builder();
            prepare(builder);
            using var host = builder.Build();
            try
            {
                return await command(host.Services);
            }
            catch (OperationCanceledException) when (Interruption.ExitCode is { } exitCode)
            {
                await Console.Error.WriteLineAsync(
                    "Broken off by a signal. What it was to change may be changed all the same: look before you repeat it "
                        + "(`campaign status`, `parked list`, `dlq list`, or the command that shows what this one sets)"
                );
                return exitCode;
            }
        });

    private static HostApplicationBuilder Builder()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddCampaignSenderSources();
        builder.Logging.AddSenderLogging(builder.Configuration);
        // The standard output is the command's answer.
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace
        );
        builder.Services.AddQuietLogging();
        builder.Services.AddCampaignSenderOptions(builder.Configuration);
        return builder;
    }
}
