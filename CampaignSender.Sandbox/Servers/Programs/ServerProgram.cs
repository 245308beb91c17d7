namespace CampaignSender.Sandbox.Servers.Programs;

/// <summary>How a server's program is started and stopped.</summary>
internal sealed record ServerProgram
{
    public required string Name { get; init; }

    /// <summary>The program and its arguments. It must stay in the foreground.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Variables that start so would change what the program does and are kept from it.</summary>
    public IReadOnlyList<string> HiddenPrefixes { get; init; } = [];

    /// <summary>The signal for an orderly stop.</summary>
    public required Signal Stop { get; init; }

    /// <summary>Whether it can be worked with by now.</summary>
    public required Func<CancellationToken, Task<bool>> Answers { get; init; }
}
