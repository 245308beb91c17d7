using System.Diagnostics;

namespace CampaignSender.Sandbox.Servers.Programs;

/// <summary>
/// A temporary folder with the server that runs in it. A small shell watches a pipe from us. When that closes, because
/// we let go or because our process ended in whatever way, it ends the server and deletes the folder. The orderly end
/// goes the same way, so that every run tries it.
/// </summary>
internal sealed class PrivateFolder : IAsyncDisposable
{
    public const string ProcessIdFile = "server.pid";

    private const string Watch = """
        exec >/dev/null 2>&1
        trap '' INT HUP TERM QUIT
        cat
        cd /
        # A number alone proves nothing, it may have been given to another process since.
        runs() { [ "$(sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20)" = "$since" ]; }
        tree() {
            echo "$1"
            for status in $(grep -ls "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status); do
                status=${status%/status}
                tree "${status#/proc/}"
            done
        }
        any_of_all() {
            for id in $all; do
                read -r status <"/proc/$id/stat" || continue
                case "${status##*) }" in Z* | X*) ;; *) return 0 ;; esac
            done
            return 1
        }
        if read -r server <"$folder/server.pid" && read -r since <"$folder/server.since" && runs "$server"; then
            all=$(tree "$server")
            # To the server alone, it knows best how to end its children; the file is for one that is not up yet.
            : >"$folder/ended"
            kill "-$signal" "$server"
            kill -CONT $all
            tries=200
            while runs "$server" && [ $tries -gt 0 ]; do sleep 0.05; tries=$((tries - 1)); done
            kill -KILL $all
            # Each has to be scheduled once more to end. One that nobody has buried yet has ended.
            tries=100
            while any_of_all && [ $tries -gt 0 ]; do sleep 0.05; tries=$((tries - 1)); done
        fi
        # PostgreSQL, when it was killed, leaves a System V segment behind; its number is in this file.
        segment=$(sed -n '7s/.*[[:space:]]//p' "$folder/data/postmaster.pid") && [ "$segment" ] && ipcrm -m "$segment"
        rm -rf -- "$folder" || { sleep 1; rm -rf -- "$folder"; }
        """;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Process _watch;

    private PrivateFolder(string path, Process watch)
    {
        Path = path;
        _watch = watch;
    }

    public string Path { get; }

    /// <summary>Creates one where the machine keeps temporary files.</summary>
    public static PrivateFolder Create(string name, Signal end) => Create(System.IO.Path.GetTempPath(), name, end);

    /// <param name="parent">Where it is put; other users must be able to pass through.</param>
    /// <param name="name">What runs in it.</param>
    /// <param name="end">The signal that ends it at once and still lets it clear up what it can.</param>
    public static PrivateFolder Create(string parent, string name, Signal end)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Private instances need Linux: its /proc and its shell.");
        }

        var path = System.IO.Path.Combine(parent, $"campaign-sender-{name}-{Secret.Create()}");
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            // A session of its own: Ctrl+C at the terminal is meant for us, not for our servers.
            var start = new ProcessStartInfo("setsid", ["sh", "-c", Watch]) { RedirectStandardInput = true };
            start.Environment["folder"] = path;
            start.Environment["signal"] = ((int)end).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return new PrivateFolder(path, ChildProcess.Start(start));
        }
        catch
        {
            Directory.Delete(path);
            throw;
        }
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <exception cref="TimeoutException">The server could not be ended.</exception>
    public async ValueTask DisposeAsync()
    {
        _watch.StandardInput.Close();
        await _watch.WaitForExitAsync(CancellationToken.None).WaitAsync(_patience, TimeProvider.System);
    }
}
