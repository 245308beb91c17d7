using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Commands;

internal static class RunCommand
{
    public static Task<int> Execute(CancellationToken cancellationToken) =>
        Explained.Run(async () =>
        {
            await using var service = SenderApplication.Build();
            await service.RunAsync(cancellationToken);
            return service.Services.GetRequiredService<SenderStart>().HasFailed ? ExitCodes.Failure : ExitCodes.Success;
        });
}
