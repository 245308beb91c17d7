namespace CampaignSender.Host.Packing;

/// <summary>What the pages of a campaign belong to whose contacts evo-flow has deleted and inserted anew.</summary>
internal enum PackedSending
{
    /// <summary>The sending that was begun before: who was dealt with then stays so.</summary>
    Same,

    /// <summary>The campaign's next one: everybody gets its message.</summary>
    Next,
}
