using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Commands;

internal static class RunCommand
{
    public static Task<int> Execute(CancellationToken cancellationToken) =>
        Explained.Run(async () =>
        {
            await using var service = SenderApplication.Build();
            var end = service.Services.GetRequiredService<ServiceEnd>();
            try
            {
                await service.RunAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Told to stop before it had started, which is a stop like any other.
            }

            return end.HasFailed ? ExitCodes.Failure : ExitCodes.Success;
        });
}
