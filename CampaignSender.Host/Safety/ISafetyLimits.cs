namespace CampaignSender.Host.Safety;

/// <summary>What an operator sees and sets of the safety stop. Without a campaign: for all that have no limits of their own.</summary>
internal interface ISafetyLimits
{
    /// <summary>The limits that hold now: the campaign's own, else those set for all, else those of the settings.</summary>
    Task<SafetyLimits> Read(Guid? campaignId, CancellationToken cancellationToken);

    Task Set(Guid? campaignId, SafetyLimits limits, CancellationToken cancellationToken);

    /// <summary>Takes away what was set; the more general limits hold again.</summary>
    /// <returns>False: none were set there.</returns>
    Task<bool> Clear(Guid? campaignId, CancellationToken cancellationToken);

    /// <summary>Null: the sender has never paused it.</summary>
    Task<SafetyStopRecord?> LastStop(Guid campaignId, CancellationToken cancellationToken);
}
