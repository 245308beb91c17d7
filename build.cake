var target = Argument("target", "Default");
var configuration = Argument("configuration", "Release");

const string Solution = "CampaignSender.slnx";
const string Host = "CampaignSender.Host/CampaignSender.Host.csproj";
const string HostPublished = "artifacts/publish/CampaignSender.Host/release";
const string Tests = "CampaignSender.Tests/CampaignSender.Tests.csproj";
const string TestResults = "artifacts/test-results";
const string ChaosReports = "artifacts/chaos";
const string Sandbox = "artifacts/bin/CampaignSender.Sandbox/release/CampaignSender.Sandbox.dll";

const string OfKafkaAlone = "FullyQualifiedName~.Sending.Kafka.";
const string OfPostgreSqlAlone = "FullyQualifiedName~.Tests.Claiming.|FullyQualifiedName~.Tests.Pacing.";
const string OfCampaigns = "FullyQualifiedName~.Sending.When_a_campaign_is_";
const string OfKafkasCampaigns = $"({OfCampaigns}&FullyQualifiedName~Kafka)";
const string OfCrm =
    "FullyQualifiedName~.Sending.When_the_CRM_is"
    + "|FullyQualifiedName~.Sending.When_our_own_servers"
    + "|FullyQualifiedName~.Sending.When_RabbitMq"
    + "|FullyQualifiedName~.Sending.When_nobody_knows";
const string OfSomeSending =
    "FullyQualifiedName~.Sending.When_an_inbox_has_a_quota|FullyQualifiedName~.Sending.When_a_campaign_is_packed_again";
const string OfMigrations = "FullyQualifiedName~.When_a_database_is_migrated";

// Each test is in one of them, and each takes about as long. The first needs no RabbitMQ, whose start is five seconds of a core.
(string Name, string Filter)[] testProcesses =
[
    ("kafka", $"{OfKafkaAlone}|{OfPostgreSqlAlone}"),
    (
        "crm-and-kafka-too",
        $"{OfCrm}|(FullyQualifiedName~.Sending.&FullyQualifiedName~Kafka&{Not(OfKafkaAlone)}&{Not(OfCampaigns)})"
    ),
    (
        "sending",
        $"{OfMigrations}|{OfKafkasCampaigns}|(FullyQualifiedName~.Sending.&FullyQualifiedName!~Kafka&{Not(OfCrm)}&{Not(OfSomeSending)})"
    ),
    ("others", $"{OfSomeSending}|(FullyQualifiedName!~.Sending.&{Not(OfMigrations)}&{Not(OfPostgreSqlAlone)})"),
];

static string Not(string filter) => filter.Replace("~", "!~").Replace("|", "&");

var restore = Task("Restore")
    .Does(() => DotNetRestore(Solution, new DotNetRestoreSettings { LockedMode = true }));

var build = Task("Build")
    .IsDependentOn(restore)
    .Does(() => DotNetBuild(Solution, new DotNetBuildSettings { Configuration = configuration, NoRestore = true }));

var publish = Task("Publish")
    .IsDependentOn(build)
    .Does(() =>
        DotNetPublish(
            Host,
            new DotNetPublishSettings
            {
                Configuration = configuration,
                NoBuild = true,
                OutputDirectory = HostPublished,
            }
        )
    );

var checkFormat = Task("Check-Format")
    .Does(() => DotNetTool(null, "csharpier", "check ."));

Task("Format")
    .Description("Formats the sources as Check-Format wants them.")
    .Does(() => DotNetTool(null, "csharpier", "format ."));

// Side by side, for most of them wait most of the time; in processes of their own, so that none counts what another does.
var runTests = Task("Run-Tests")
    .IsDependentOn(publish)
    .Does(() =>
    {
        CleanDirectory(TestResults);
        System.Threading.Tasks.Parallel.Invoke(
            new() { MaxDegreeOfParallelism = AreServersSupplied() ? 1 : -1 },
            [.. testProcesses.Select<(string Name, string Filter), Action>(each => () => RunTests(each.Name, each.Filter))]
        );
    })
    .Finally(() => WriteTestSummary());

Task("Test")
    .Description("Builds everything and runs all tests, on servers that it brings along.")
    .IsDependentOn(checkFormat)
    .IsDependentOn(runTests);

Task("Demo")
    .Description("Sends a campaign before your eyes: real servers, two replicas, a simulated CRM; --arguments=\"--broker kafka\"")
    .IsDependentOn(publish)
    .Does(() => RunSandbox($"demo {Argument("arguments", "")}"));

Task("Load")
    .Description("Measures a run: ./build.sh load --arguments=\"--broker kafka --contacts 20000 --replicas 2 --report load.json\"")
    .IsDependentOn(publish)
    .Does(() => RunSandbox($"load {Argument("arguments", "")}"));

Task("Bench")
    .Description("Measures the service beside a bare loop, an hour and more; less with --arguments=\"--latencies 20 --concurrencies 64\"")
    .IsDependentOn(publish)
    .Does(() => RunSandbox($"bench {Argument("arguments", "")}"));

Task("Growth")
    .Description("Measures a campaign of a million contacts beside ten million rows of others, about ten minutes")
    .IsDependentOn(publish)
    .Does(() => RunSandbox($"growth {Argument("arguments", "")}"));

Task("Pace")
    .Description("Measures how evenly replicas share the limit of an inbox")
    .IsDependentOn(publish)
    .Does(() => RunSandbox($"pace {Argument("arguments", "")}"));

Task("Chaos")
    .Description("Breaks everything while campaigns are sent: ./build.sh chaos --arguments=\"--broker kafka --contacts 20000 --faults 60 --seed 7\"")
    .IsDependentOn(publish)
    .Does(() => RunSandbox($"chaos {Argument("arguments", "")}"));

Task("Chaos-Many")
    .Description("Twenty seeds on either broker, with a report of each: artifacts/chaos; takes two hours")
    .IsDependentOn(publish)
    .DoesForEach(
        new[] { "rabbitmq", "kafka" },
        broker =>
        {
            EnsureDirectoryExists(ChaosReports);
            RunSandbox(
                $"chaos --broker {broker} --seeds {Argument("seeds", "1-20")} --report {ChaosReports}/{broker}.json {Argument("arguments", "")}"
            );
        }
    )
    .DeferOnError();

Task("Default")
    .Description("Builds everything and checks the format.")
    .IsDependentOn(checkFormat)
    .IsDependentOn(build);

RunTarget(target);

// Each process deletes and creates what it needs on its servers.
bool AreServersSupplied() =>
    new[] { "POSTGRES", "RABBITMQ", "KAFKA" }.Any(server => HasEnvironmentVariable($"CAMPAIGN_SENDER_TEST_{server}"));

// In this process's terminal, so that the sandbox can draw on it.
void RunSandbox(string arguments)
{
    var exitCode = StartProcess("dotnet", $"{Sandbox} {arguments}");
    if (exitCode != 0)
    {
        throw new CakeException(exitCode, $"The sandbox ended with exit code {exitCode}");
    }
}

void RunTests(string name, string filter) =>
    DotNetTest(
        Tests,
        new DotNetTestSettings
        {
            Configuration = configuration,
            NoBuild = true,
            Filter = filter,
            // Every test starts a service anew: the runtime's guard of compiled code costs a tenth of that.
            EnvironmentVariables =
            {
                ["DOTNET_EnableWriteXorExecute"] = "0",
                // 10,000, in hexadecimal: what tests call less often is not worth compiling again, which took a tenth of the time.
                ["DOTNET_TC_CallCountThreshold"] = "2710",
                // No test's memory grows so large that it should be collected beside it: that took another tenth.
                ["DOTNET_gcConcurrent"] = "0",
                ["CAMPAIGN_SENDER_TEST_HOST"] = MakeAbsolute(File($"{HostPublished}/CampaignSender.Host.dll")).FullPath,
            },
            Loggers = { "console;verbosity=minimal", $"trx;LogFileName={name}.trx" },
            ResultsDirectory = TestResults,
        }
    );

void WriteTestSummary()
{
    var counters = GetFiles($"{TestResults}/*.trx")
        .SelectMany(results => System.Xml.Linq.XDocument.Load(results.FullPath).Descendants())
        .Where(element => element.Name.LocalName == "Counters")
        .ToList();
    // A run that died has no counters, and the others' alone would look like all.
    if (counters.Count < testProcesses.Length)
    {
        return;
    }

    int Count(string name) => counters.Sum(counter => (int)counter.Attribute(name));
    var skipped = Count("total") - Count("executed");
    var summary = $"{Count("passed")} passed, {Count("executed") - Count("passed")} failed";
    System.IO.File.WriteAllText(
        $"{TestResults}/summary.txt",
        $"{summary}{(skipped > 0 ? $", {skipped} skipped" : "")}\n"
    );
}
