namespace CampaignSender.Contracts.Json;

/// <summary>The fields of one message, at most 32 of them, the optional ones last.</summary>
internal sealed class FieldSet(string[] required, string[] optional)
{
    private readonly string[] _names = [.. required, .. optional];

    public ReadOnlySpan<string> Names => _names;

    public ReadOnlySpan<string> Required => _names.AsSpan(0, required.Length);
}
