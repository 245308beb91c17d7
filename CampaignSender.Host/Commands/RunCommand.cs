using CampaignSender.Host.Configuration;

namespace CampaignSender.Host.Commands;

internal static class RunCommand
{
    public static Task<int> Execute(CancellationToken cancellationToken) =>
        Explained.Run(async () =>
        {
            await using var service = SenderApplication.Build();
            var start = service.Services.GetRequiredService<SenderStart>();
            await service.RunAsync(cancellationToken);
            return start.HasFailed ? ExitCodes.Failure : ExitCodes.Success;
        });
}
