namespace CampaignSender.Sandbox.Servers.Programs;

/// <summary>Installs packages on Debian and Ubuntu.</summary>
internal static class DistributionPackage
{
    // A denying policy-rc.d keeps the packages from starting their services. It is put there only where there is none,
    // and the shell removes it again even if we are gone by then.
    private const string Install = """
        policy=/usr/sbin/policy-rc.d
        if [ ! -e "$policy" ]; then
            trap 'rm -f "$policy"' EXIT
            printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
        fi
        export DEBIAN_FRONTEND=noninteractive
        install() { apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$1"; }
        install "$0" || { apt-get update && install "$0"; }
        """;

    // apt-get works for one at a time.
    private static readonly SemaphoreSlim _turn = new(1);

    /// <summary>Whether it can be tried at all.</summary>
    public static bool IsPossible =>
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/bin/apt-get");

    public static async Task Add(string package, IServerLog log, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            log.Say($"installing {package} with apt-get, its service stays off");
            // Once begun it is not broken off: that would leave half a package.
            var (exitCode, output) = await Command.Run("sh", ["-c", Install, package], CancellationToken.None);
            if (exitCode != 0)
            {
                throw new ServerUnavailableException(
                    $"apt-get could not install {package} (exit code {exitCode}):\n{Command.Tail(output)}"
                );
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}
