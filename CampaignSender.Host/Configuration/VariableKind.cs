using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CampaignSender.Host.Transport.Kafka;

namespace CampaignSender.Host.Configuration;

/// <summary>
/// How a setting is written, in an environment variable and under its configuration key, and how each is read into the
/// text that the configuration binder understands.
/// </summary>
/// <param name="Expected">What is expected of the variable, to finish the sentence "expected …".</param>
/// <param name="Read">Reads the variable; null when it cannot be read.</param>
internal sealed record VariableKind(string Expected, Func<string, string?> Read)
{
    /// <summary>Whether the value may appear in a message.</summary>
    public bool IsSecret { get; private init; }

    /// <summary>What is expected under the configuration key, where that is written in another way.</summary>
    public string ExpectedOfKey { get; private init; } = Expected;

    /// <summary>Reads the configuration key, where that is written in another way.</summary>
    public Func<string, string?> ReadKey { get; private init; } = Read;

    /// <summary>Writes a default as the variable would have it.</summary>
    public Func<object, string> Write { get; private init; } =
        value => Convert.ToString(value, CultureInfo.InvariantCulture)!;

    public static VariableKind Text { get; } = new("a text", value => value.Trim());

    // The line end comes from a file that a secret was read from; no header or password survives it.
    public static VariableKind Secret { get; } =
        new("a secret text", value => value.TrimEnd('\r', '\n')) { IsSecret = true };

    /// <summary>A secret that travels in a header: one that no request can carry would fail each of them.</summary>
    public static VariableKind Token { get; } =
        new(
            "a secret text of ASCII characters on one line",
            value => value.Trim() is var token && token.All(each => each is >= ' ' and <= '~') ? token : null
        )
        {
            IsSecret = true,
        };

    public static VariableKind Boolean { get; } =
        new(
            "true or false",
            value =>
                value.Trim().ToLowerInvariant() switch
                {
                    "true" or "1" or "yes" or "on" => "true",
                    "false" or "0" or "no" or "off" => "false",
                    _ => null,
                }
        )
        {
            Write = value => value is true ? "true" : "false",
        };

    public static VariableKind HostList { get; } =
        new("a list of host:port, separated by commas", value => Hosts(value) is { Length: > 0 } hosts ? hosts : null);

    public static VariableKind KafkaPropertyList { get; } =
        new(
            "a list of name=value, separated by semicolons",
            value => KafkaProperties.CanParse(value) ? value.Trim() : null
        )
        {
            IsSecret = true,
        };

    public static VariableKind Address { get; } = new("an IP address", value => ReadAddress(value.Trim()));

    public static VariableKind WholeNumber(int from, int to) =>
        new(
            $"a whole number from {from} to {to}",
            value =>
                ReadNumber(value) is { } number && number >= from && number <= to
                    ? number.ToString(CultureInfo.InvariantCulture)
                    : null
        );

    public static VariableKind Milliseconds(int from, int to)
    {
        var least = TimeSpan.FromMilliseconds(from);
        var most = TimeSpan.FromMilliseconds(to);
        string? Within(TimeSpan span) => span >= least && span <= most ? span.ToString("c") : null;

        return new(
            $"a whole number of milliseconds from {from} to {to}",
            value => ReadNumber(value) is { } number ? Within(TimeSpan.FromMilliseconds(number)) : null
        )
        {
            ExpectedOfKey = $"a time span from {least:c} to {most:c}, written hours:minutes:seconds",
            // A bare number would be read as days.
            ReadKey = value =>
                value.Contains(':', StringComparison.Ordinal)
                && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var span)
                    ? Within(span)
                    : null,
            Write = value => ((TimeSpan)value).TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
        };
    }

    public static VariableKind Exactly(string expected) =>
        new(
            $"{expected}, the only one supported",
            value => value.Trim().Equals(expected, StringComparison.OrdinalIgnoreCase) ? expected : null
        );

    /// <summary>A choice whose values are the enum's names, with hyphens at will: verify-full is VerifyFull.</summary>
    public static VariableKind OneOf<TEnum>(params string[] values)
        where TEnum : struct, Enum =>
        new(
            $"one of {string.Join(", ", values)}",
            value => values.Where(each => Same(each, value)).Select(each => Name<TEnum>(each)).FirstOrDefault()
        )
        {
            Write = value => values.First(each => Same(each, value.ToString()!)),
        };

    /// <summary>An url may carry a user and a password, so it never appears in a message.</summary>
    public static VariableKind Url(params string[] schemes) =>
        new(
            $"an absolute url that starts with {string.Join(" or ", schemes.Select(scheme => $"{scheme}://"))}",
            value =>
                Uri.TryCreate(value.Trim(), UriKind.Absolute, out var url)
                && schemes.Contains(url.Scheme, StringComparer.OrdinalIgnoreCase)
                && url.Host.Length > 0
                    ? value.Trim()
                    : null
        )
        {
            IsSecret = true,
        };

    // .NET takes the number of a port for the IPv4 address 0.0.11.184.
    private static string? ReadAddress(string value) =>
        IPAddress.TryParse(value, out var address)
        && (address.AddressFamily is AddressFamily.InterNetworkV6 || address.ToString() == value)
            ? address.ToString()
            : null;

    private static long? ReadNumber(string value) =>
        int.TryParse(value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool Same(string one, string other) =>
        Plain(one).Equals(Plain(other), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string value) => value.Trim().Replace("-", "", StringComparison.Ordinal);

    private static string Name<TEnum>(string value)
        where TEnum : struct, Enum => Enum.Parse<TEnum>(Plain(value), ignoreCase: true).ToString();

    private static string? Hosts(string value)
    {
        var hosts = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.TrueForAll(hosts, IsHost) ? string.Join(',', hosts) : null;
    }

    // The port may be left out: every broker client then takes 9092.
    private static bool IsHost(string value)
    {
        var colon = value.LastIndexOf(':');
        var hasPort = colon > 0 && value[^1] != ']';
        var host = hasPort ? value[..colon] : value;
        var port = hasPort ? ReadNumber(value[(colon + 1)..]) : 9092;
        return Uri.CheckHostName(host) != UriHostNameType.Unknown
            && port is >= IPEndPoint.MinPort + 1 and <= IPEndPoint.MaxPort;
    }
}
