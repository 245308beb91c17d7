namespace CampaignSender.Contracts.Json;

internal static class WireEnums
{
    public static readonly WireEnum<ChannelType> ChannelType = new(
        (Contracts.ChannelType.Whatsapp, "whatsapp"),
        (Contracts.ChannelType.Email, "email"),
        (Contracts.ChannelType.Sms, "sms")
    );

    public static readonly WireEnum<ControlAction> ControlAction = new(
        (Contracts.ControlAction.Pause, "pause"),
        (Contracts.ControlAction.Stop, "stop"),
        (Contracts.ControlAction.Resume, "resume")
    );

    public static readonly WireEnum<PackTrigger> PackTrigger = new(
        (Contracts.PackTrigger.Schedule, "schedule"),
        (Contracts.PackTrigger.Manual, "manual"),
        (Contracts.PackTrigger.Recurrence, "recurrence")
    );
}
