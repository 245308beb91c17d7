using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Configuration;

/// <summary>Gathers what every options class has to report at the start into one exception.</summary>
internal sealed class StartupCheck(IStartupValidator validator) : IStartupValidator
{
    public void Validate()
    {
        try
        {
            validator.Validate();
        }
        catch (OptionsValidationException invalid)
        {
            throw new InvalidConfigurationException([.. invalid.Failures]);
        }
        catch (AggregateException many) when (many.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            // Options that are checked against others report the faults of those a second time.
            var faults = many.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures);
            throw new InvalidConfigurationException([.. faults.Distinct()]);
        }
    }
}
