using CampaignSender.Contracts;

namespace CampaignSender.Host.Campaigns;

/// <summary>What the packer reads of a campaign for its pages.</summary>
internal sealed record CampaignContents
{
    private const string RailsPrefix = "Channel::";

    public required CampaignStatus Status { get; init; }
    public required Guid? InboxId { get; init; }
    public required Guid? TemplateId { get; init; }

    /// <summary>As it stands in the row, such as <c>Channel::Whatsapp</c>.</summary>
    public required string? ChannelName { get; init; }

    /// <summary>Null: none that messages are sent through.</summary>
    public ChannelType? Channel
    {
        get
        {
            var name = ChannelName?.Replace(RailsPrefix, "", StringComparison.Ordinal);
            return Enum.GetValues<ChannelType>()
                .Where(channel => channel.ToString().Equals(name, StringComparison.OrdinalIgnoreCase))
                .Select(channel => (ChannelType?)channel)
                .FirstOrDefault();
        }
    }
}
