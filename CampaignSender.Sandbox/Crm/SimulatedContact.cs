using System.Globalization;

namespace CampaignSender.Sandbox.Crm;

internal sealed record SimulatedContact
{
    public required Guid Id { get; init; }
    public string? Name { get; init; }
    public string? Email { get; init; }
    public string? PhoneNumber { get; init; }
    public string? Identifier { get; init; }
    public bool Blocked { get; init; }

    /// <summary>By the inbox that has written to the contact, or heard from it.</summary>
    public IReadOnlyDictionary<Guid, string> SourceIds { get; init; } = new Dictionary<Guid, string>();

    public IReadOnlyDictionary<string, string> CustomAttributes { get; init; } = new Dictionary<string, string>();

    /// <summary>An ordinary contact, the same for the same id every time.</summary>
    public static SimulatedContact Ordinary(Guid id)
    {
        var digits = BitConverter.ToUInt32(id.ToByteArray());
        return new SimulatedContact
        {
            Id = id,
            Name = $"Contact {digits}",
            Email = string.Create(CultureInfo.InvariantCulture, $"contact.{digits}@example.com"),
            PhoneNumber = string.Create(CultureInfo.InvariantCulture, $"+55{digits:D10}"),
        };
    }
}
