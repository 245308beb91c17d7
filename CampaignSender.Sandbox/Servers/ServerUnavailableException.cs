namespace CampaignSender.Sandbox.Servers;

/// <summary>A server cannot be had. The text says what to install or which variable to set.</summary>
internal sealed class ServerUnavailableException : Exception
{
    public ServerUnavailableException(string message)
        : base(message) { }

    public ServerUnavailableException(string message, Exception innerException)
        : base(message, innerException) { }
}
