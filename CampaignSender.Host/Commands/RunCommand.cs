using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Commands;

internal static class RunCommand
{
    public static Task<int> Execute(CancellationToken cancellationToken) =>
        Explained.Run(async () =>
        {
            await using var service = SenderApplication.Build();
            var end = service.Services.GetRequiredService<ServiceEnd>();
            await service.RunAsync(cancellationToken);
            return end.HasFailed ? ExitCodes.Failure : ExitCodes.Success;
        });
}
