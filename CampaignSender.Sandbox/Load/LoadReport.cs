using System.Text.Json;
using CampaignSender.Sandbox.Reckonings;
using CampaignSender.Sandbox.Stages;

namespace CampaignSender.Sandbox.Load;

/// <summary>The result of a load run. Written as JSON; a benchmark or a script reads it, so names stay as they are.</summary>
internal sealed record LoadReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required string Broker { get; init; }
    public required int Replicas { get; init; }
    public required int PageSize { get; init; }
    public required double CrmLatencyMs { get; init; }
    public required int Contacts { get; init; }
    public required int Pages { get; init; }
    public required long Sent { get; init; }
    public required long Failed { get; init; }
    public required long Skipped { get; init; }
    public required long Pending { get; init; }
    public required long PostsAtCrm { get; init; }
    public required int ContactsSentTwice { get; init; }
    public required int ContactsNeverSent { get; init; }
    public required long DeadLettered { get; init; }
    public required long Parked { get; init; }

    /// <summary>How long each replica took from its start until it consumed; the first one migrates the database.</summary>
    public required IReadOnlyList<double> ReadySeconds { get; init; }

    /// <summary>From the first page published to the last page reported.</summary>
    public required double Seconds { get; init; }

    public required double ContactsPerSecond { get; init; }

    /// <summary>Of all requests, those that the CRM refused for there being too many; null where it takes as many as come.</summary>
    public required double? CrmRefusedShare { get; init; }

    /// <summary>Of the requests that the CRM would have taken in that time, those that were made; null without a limit.</summary>
    public required double? CrmUsedShare { get; init; }

    /// <summary>Processor time of all replicas, their start not included.</summary>
    public required double CpuMsPerContact { get; init; }

    /// <summary>Of the replica that needed most; MB of 1,000,000 bytes.</summary>
    public required double PeakRssMb { get; init; }

    /// <summary>Statements of the replicas alone; null where the server does not count them.</summary>
    public required double? SqlStatementsPerContact { get; init; }

    public required double AllocatedKbPerContact { get; init; }
    public required double WalBytesPerContact { get; init; }

    public required IReadOnlyList<string> Faults { get; init; }

    public static LoadReport From(LoadOptions options, Reckoning reckoning, LoadMeasurement measured, Stage stage) =>
        new()
        {
            Broker = options.Broker.ToString().ToLowerInvariant(),
            Replicas = options.Replicas,
            PageSize = options.PageSize,
            CrmLatencyMs = options.CrmLatency.TotalMilliseconds,
            Contacts = reckoning.Contacts,
            Pages = reckoning.Pages,
            Sent = reckoning.Sent,
            Failed = reckoning.Failed,
            Skipped = reckoning.Skipped,
            Pending = reckoning.Pending,
            PostsAtCrm = reckoning.PostsAtCrm,
            ContactsSentTwice = reckoning.ContactsSentTwice,
            ContactsNeverSent = reckoning.ContactsNeverSent,
            DeadLettered = reckoning.DeadLettered,
            Parked = reckoning.Parked,
            ReadySeconds = [.. stage.Replicas.Select(replica => Math.Round(replica.StartTime.TotalSeconds, 2))],
            Seconds = Math.Round(measured.Duration.TotalSeconds, 3),
            ContactsPerSecond = Math.Round(reckoning.Contacts / measured.Duration.TotalSeconds, 1),
            CrmRefusedShare = options.CrmLimit is null
                ? null
                : Math.Round(
                    (double)stage.Crm.RefusedRequests / (stage.Crm.RefusedRequests + stage.Crm.RequestCount),
                    4
                ),
            CrmUsedShare = options.CrmLimit is { } limit
                ? Math.Round(stage.Crm.RequestCount / (limit.PerSecond * measured.Duration.TotalSeconds), 4)
                : null,
            CpuMsPerContact = Math.Round(measured.ProcessorTime.TotalMilliseconds / reckoning.Contacts, 3),
            PeakRssMb = Math.Round(measured.PeakMemory / 1e6, 1),
            SqlStatementsPerContact = measured.Statements is { } statements
                ? Math.Round((double)statements / reckoning.Contacts, 4)
                : null,
            AllocatedKbPerContact = Math.Round(measured.AllocatedBytes / 1000 / reckoning.Contacts, 2),
            WalBytesPerContact = Math.Round((double)measured.WalBytes / reckoning.Contacts, 0),
            Faults = [.. reckoning.Faults(options.ExpectedSent, expectedDeadLetters: 0)],
        };

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
