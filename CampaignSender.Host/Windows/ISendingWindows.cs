namespace CampaignSender.Host.Windows;

/// <summary>The sending windows as an operator changes them. Running replicas follow within 5 s.</summary>
internal interface ISendingWindows
{
    /// <summary>The window that holds; null: none does.</summary>
    /// <param name="campaignId">Null: for all that have none of their own.</param>
    Task<WindowSetting?> Read(Guid? campaignId, CancellationToken cancellationToken);

    Task Set(Guid? campaignId, WindowSetting window, CancellationToken cancellationToken);

    /// <returns>False: none was set there.</returns>
    Task<bool> Clear(Guid? campaignId, CancellationToken cancellationToken);
}
