using System.Text.RegularExpressions;
using CampaignSender.Contracts;
using NUnit.Framework;

namespace CampaignSender.Tests.Conventions;

/// <summary>
/// The order of the rooms, as the sources stand. A new reference between rooms is a decision: it belongs into this table,
/// with a reason that holds against "only the flow knows all rooms".
/// </summary>
internal sealed partial class Rooms_of_the_host
{
    /// <summary>The rooms that everybody may use: what they offer is not about pages.</summary>
    private static readonly string[] Common = ["Configuration", "Database", "Telemetry", "Validation"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Attempts"] = ["Configuration", "Database", "Validation"],
        // It tells of campaigns that stand still.
        ["Campaigns"] = ["Configuration", "Database", "Telemetry", "Validation"],
        // Its options say how long a request may take, and a claim has to outlive it.
        ["Claiming"] = ["Configuration", "Crm", "Database", "Validation"],
        ["Commands"] =
        [
            "Campaigns",
            "Configuration",
            "Crm",
            "Database",
            "DryRuns",
            "Packing",
            "Pacing",
            "Parking",
            "Safety",
            "Suppression",
            "Telemetry",
            "Transport",
            "Validation",
            "Windows",
        ],
        // It knows the options of all rooms, and nothing else of them.
        ["Configuration"] =
        [
            "Attempts",
            "Campaigns",
            "Claiming",
            "Crm",
            "Database",
            "Pacing",
            "Parking",
            "Safety",
            "Telemetry",
            "Transport",
            "Validation",
        ],
        // A message waits for the turn of its inbox right before it is posted.
        ["Crm"] = ["Configuration", "Database", "Pacing", "Telemetry", "Validation"],
        ["Database"] = ["Configuration", "Validation"],
        // A flow of its own, up to the message.
        ["DryRuns"] = ["Campaigns", "Crm", "Suppression", "Validation"],
        ["Packing"] = ["Database"],
        ["Pacing"] = ["Configuration", "Database", "Telemetry", "Validation"],
        ["Parking"] = ["Configuration", "Database", "Telemetry", "Validation"],
        ["Recording"] = ["Database", "Telemetry", "Validation"],
        // It pauses a campaign as an operator would: its own replica learns it from the gate.
        ["Safety"] = ["Campaigns", "Configuration", "Database", "Telemetry", "Validation"],
        ["Suppression"] = ["Database"],
        // It shows their numbers under their names.
        ["Telemetry"] = ["Configuration", "Crm", "Parking", "Recording", "Transport", "Validation"],
        ["Tracking"] = [],
        // It implements what parking and tracking publish through, and hands control messages to the gate.
        ["Transport"] =
        [
            "Attempts",
            "Campaigns",
            "Configuration",
            "Crm",
            "Parking",
            "Telemetry",
            "Tracking",
            "Validation",
        ],
        ["Validation"] = [],
        ["Windows"] = ["Database"],
    };

    [Test]
    public void The_sources_are_found() => Assert.That(HostSource.All, Has.Count.GreaterThan(100));

    [Test]
    public void A_namespace_is_a_folder() =>
        Assert.That(
            HostSource
                .All.Where(source => source.Namespace != source.ExpectedNamespace)
                .Select(source => $"{source.Path} is in {source.Namespace}"),
            Is.Empty
        );

    [Test]
    public void Folders_are_two_levels_deep_at_most() =>
        Assert.That(
            HostSource.All.Select(source => source.Path).Where(path => path.Count(each => each == '/') > 2),
            Is.Empty
        );

    [Test]
    public void Every_room_is_in_the_table() =>
        Assert.That(
            HostSource.All.Select(source => source.Room).Where(room => room.Length > 0).Distinct(),
            Is.EquivalentTo(Allowed.Keys)
        );

    [Test]
    public void A_room_uses_only_the_rooms_that_it_may()
    {
        var faults =
            from source in HostSource.All
            where source.Room.Length > 0
            from used in RoomsUsedBy(source)
            where !Allowed[source.Room].Contains(used)
            select $"{source.Path} uses {used}";

        Assert.That(faults, Is.Empty);
    }

    [Test]
    public void The_table_allows_nothing_that_nobody_uses()
    {
        var used = HostSource.All.Where(source => source.Room.Length > 0).ToLookup(source => source.Room, RoomsUsedBy);

        Assert.That(
            Allowed.SelectMany(room =>
                room.Value.Except(used[room.Key].SelectMany(rooms => rooms)).Select(other => $"{room.Key} → {other}")
            ),
            Is.Empty
        );
    }

    [Test]
    public void Only_the_flow_brings_the_rooms_of_a_page_together()
    {
        var steps = Allowed.Keys.Except(Common).Except(["Commands", "Transport"]).ToHashSet();

        var gatherers = HostSource
            // A command does for an operator what may concern several rooms; no page passes it.
            .All.Where(source => source.Room is not ("Commands" or "Configuration" or "Telemetry" or "Transport"))
            .Where(source => RoomsUsedBy(source).Count(steps.Contains) > 1)
            .Select(source => source.Path);

        Assert.That(
            gatherers,
            Is.EquivalentTo([
                "CampaignSendFlow.cs",
                "CampaignSenderServices.cs",
                "DryRuns/CampaignDryRun.cs",
                "PageDispatch.cs",
                "PageDispatchRun.cs",
                "PageOrders.cs",
                "PageVerdicts.cs",
            ])
        );
    }

    [Test]
    public void The_rooms_do_not_know_the_flow() =>
        Assert.That(
            HostSource
                .All.Where(source => source.Room is not ("" or "Transport" or "Commands"))
                .Where(source => FlowType().IsMatch(source.Code))
                .Select(source => source.Path),
            Is.Empty
        );

    [Test]
    public void A_store_and_its_statements_stay_in_their_room()
    {
        var owners = HostSource
            .All.Select(source => (Type: Path.GetFileNameWithoutExtension(source.Path), source.Room))
            .Where(file => IsStore(file.Type) || IsStatements(file.Type))
            // One statement on one connection is what all stores are made of.
            .Where(file => file.Type != "DataSourceStatements")
            .ToList();

        var trespasses =
            from source in HostSource.All
            from owner in owners
            where source.Room != owner.Room && Regex.IsMatch(source.Code, $@"\b{owner.Type}\b")
            select $"{source.Path} uses {owner.Type}";

        Assert.That(owners, Has.Count.GreaterThan(8));
        Assert.That(trespasses, Is.Empty);
    }

    [Test]
    public void SQL_stands_beside_its_store()
    {
        var faults =
            from source in HostSource.All
            where !IsStatements(Path.GetFileNameWithoutExtension(source.Path))
            from statement in Sql().Matches(source.Code)
            select $"{source.Path}: {statement.Value.Trim()}";

        Assert.That(faults, Is.Empty);
    }

    [Test]
    public void A_store_knows_the_database_and_no_other_room() =>
        Assert.That(
            HostSource
                .All.Where(source => IsStore(Path.GetFileNameWithoutExtension(source.Path)))
                .Where(source => RoomsUsedBy(source).Except(["Database"]).Any())
                .Select(source => source.Path),
            Is.Empty
        );

    [Test]
    public void The_contracts_depend_on_nothing()
    {
        var references = typeof(CampaignsSend)
            .Assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal));

        Assert.That(references, Is.Empty);
        Assert.That(
            HostSource.Contracts.Where(source => source.Code.Contains("CampaignSender.Host", StringComparison.Ordinal)),
            Is.Empty
        );
    }

    private static bool IsStore(string type) => type.EndsWith("Store", StringComparison.Ordinal);

    private static bool IsStatements(string type) =>
        type.EndsWith("Sql", StringComparison.Ordinal) || type.EndsWith("Statements", StringComparison.Ordinal);

    /// <summary>By its usings, and by names that it qualifies.</summary>
    private static List<string> RoomsUsedBy(HostSource source) =>
        [
            .. UsedRoom()
                .Matches(source.Code)
                .Select(match => match.Groups["room"].Value)
                .Concat(
                    Allowed.Keys.Where(room => Regex.IsMatch(source.Code, $@"(?<![\w.""]){room}\.(?!\w+;)[A-Z]\w+\b"))
                )
                .Where(room => room != source.Room)
                .Distinct(),
        ];

    [GeneratedRegex(@"CampaignSender\.Host\.(?<room>[A-Z]\w+)(?=[.;])")]
    private static partial Regex UsedRoom();

    [GeneratedRegex(@"\b(?:CampaignSendFlow|PageDispatch|PageDispatchRun|PageOrders|PageOutcome|PageHalt)\b")]
    private static partial Regex FlowType();

    [GeneratedRegex(
        """["]\s*(?:select|insert into|update \w+ |delete from|with \w+ as|create (?:table|index)|alter table|set \w+ =)[^"]*""",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Sql();
}
