namespace CampaignSender.Host.Configuration;

/// <summary>The service cannot start with these settings. The message is written for the operator and lists all faults.</summary>
internal sealed class InvalidConfigurationException(IReadOnlyCollection<string> faults)
    : Exception(
        $"""
        The configuration cannot be used, {faults.Count} setting(s) to correct:
        {string.Join(Environment.NewLine, faults.Select(fault => $"  - {fault}"))}
        """
    )
{
    public IReadOnlyCollection<string> Faults { get; } = faults;
}
