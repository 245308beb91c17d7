namespace CampaignSender.Sandbox.Servers.Programs;

/// <summary>Installs packages on Debian and Ubuntu.</summary>
internal static class DistributionPackage
{
    // A denying policy-rc.d keeps the packages from starting their services. It is put there only where there is none,
    // and the shell removes it again even if we are gone by then. For the same reason nothing is written to a pipe of
    // ours before the end: a package manager that dies of a closed pipe leaves half a package. One process at a time:
    // one that is done would take the policy away from another. Unlike install, apt-get update does not wait for others
    // that update, such as the machine's own daily run soon after its start.
    private const string Install = """
        exec 9>/run/lock/campaign-sender-packages && flock 9
        policy=/usr/sbin/policy-rc.d
        output=$(mktemp)
        trap 'rm -f "$output" $ours' EXIT
        if [ ! -e "$policy" ]; then
            ours=$policy
            printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
        fi
        export DEBIAN_FRONTEND=noninteractive LC_ALL=C
        install() { apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$1" >"$output" 2>&1; }
        update() {
            for second in $(seq 300); do
                apt-get update >"$output" 2>&1 && return
                grep -q 'Could not get lock' "$output" || return
                sleep 1
            done
            return 100
        }
        install "$0" || { update && install "$0"; } && exit
        code=$?
        tail -n 20 "$output"
        exit $code
        """;

    // Within this process, where whoever waits can still give up.
    private static readonly SemaphoreSlim _turn = new(1);

    /// <summary>Whether it can be tried at all.</summary>
    public static bool IsPossible =>
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/bin/apt-get");

    /// <param name="package">Its name.</param>
    /// <param name="variable">What can be set instead, for the message of a failure.</param>
    /// <param name="log">Hears of it.</param>
    /// <param name="cancellationToken">Ends the wait for other installations.</param>
    public static async Task Add(string package, string variable, IServerLog log, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            log.Say($"installing {package} with apt-get, its service stays off");
            // Once begun it is not broken off, not by Ctrl+C either: hence no token, and a session of its own.
            var (exitCode, output) = await Command.Run(
                "setsid",
                ["sh", "-c", Install, package],
                CancellationToken.None
            );
            if (exitCode != 0)
            {
                throw new ServerUnavailableException(
                    $"""
                    apt-get could not install {package} (exit code {exitCode}). Install it in another way, start a container
                    engine, or set {variable} to a server to use. The end of what apt-get said:
                    {output}
                    """
                );
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}
