using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using CampaignSender.Host.Configuration;
using CampaignSender.Sandbox.Crm;
using CampaignSender.Sandbox.Replicas;
using CampaignSender.Sandbox.Servers;
using CampaignSender.Sandbox.Servers.Programs;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>What only the real process shows: its output, its exit codes, what is static in it.</summary>
internal sealed class When_the_service_is_a_process : SendingTest
{
    private const string Secret = "a-token-that-nobody-may-see";

    [Test, CancelAfter(60_000)]
    public async Task It_runs_from_environment_variables_alone_and_logs_JSON_lines(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 10, pageSize: 10, cancellationToken);
        // The proxy is for others: the CRM is asked directly.
        var settings = Scene.ProcessSettings() with
        {
            Variables = new Dictionary<string, string> { ["HTTP_PROXY"] = "http://127.0.0.1:1" },
        };
        await using var replica = await Replica.Start(Scene.HostAssembly, settings, cancellationToken);
        await Scene.Publish(plan, cancellationToken);
        await Scene.WaitForReports(plan, cancellationToken);
        var metrics = await replica.Metrics(cancellationToken);
        await replica.Stop(cancellationToken);

        var lines = replica.Log().Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var processed = lines.Single(line =>
            Message(line).StartsWith("campaign.batch.processed", StringComparison.Ordinal)
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                processed.GetProperty("Scopes").EnumerateArray().Select(scope => scope.ToString()),
                Has.Some.Contains(plan.CorrelationId.ToString())
            );
            Assert.That(metrics.Has("messaging_masstransit_consume_"), "MassTransit's meter");
            Assert.That(lines.Select(Level), Has.None.EqualTo("Error").And.None.EqualTo("Critical"));
        }

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
    }

    [Test, CancelAfter(60_000)]
    public async Task Its_metrics_name_the_service_and_no_database(CancellationToken cancellationToken)
    {
        await using var replica = await Replica.Start(Scene.HostAssembly, Scene.ProcessSettings(), cancellationToken);

        var metrics = await replica.Metrics(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(metrics.Labels("target_info", "service_name"), Is.EqualTo(["campaign-sender"]));
            Assert.That(
                metrics.Labels("db_client_operation_duration_seconds_count", "db_client_connection_pool_name"),
                Is.EqualTo(["campaign-sender"])
            );
        }
    }

    [Test]
    public void It_sees_none_of_the_shells_settings() =>
        Assert.That(
            EnvironmentVariables
                .All.Select(variable => variable.Name)
                .Except(Scene.ProcessSettings().ToEnvironment().Keys)
                .Where(name => !ReplicaSettings.HiddenPrefixes.Any(name.StartsWith)),
            Is.Empty
        );

    [Test, CancelAfter(60_000)]
    public async Task It_watches_no_files_for_a_node_has_few_inotify_instances(CancellationToken cancellationToken)
    {
        await using var replica = await Replica.Start(Scene.HostAssembly, Scene.ProcessSettings(), cancellationToken);

        var open = Directory
            .GetFiles($"/proc/{replica.ProcessId}/fd")
            .Select(descriptor => new FileInfo(descriptor).LinkTarget);

        Assert.That(open, Has.Some.Contains("socket").And.None.Contains("inotify"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Commands_read_the_settings_file_of_the_working_directory_too(CancellationToken cancellationToken)
    {
        var variables = SenderProcess
            .Variables(Scene.ProcessSettings())
            .Where(variable => !variable.StartsWith("POSTGRES_DB_DATABASE", StringComparison.Ordinal));
        var folder = Directory.CreateTempSubdirectory();
        var file = Path.Combine(folder.FullName, "appsettings.json");
        Task<(int ExitCode, string Output)> Migrate() =>
            SenderProcess.Run(["migrate"], [.. variables], cancellationToken, folder.FullName);

        await File.WriteAllTextAsync(
            file,
            "{ \"Database\": { \"Database\": \"no_such_database\" } }",
            cancellationToken
        );
        var read = await Migrate();
        await File.WriteAllTextAsync(file, "Database: { Database: no_such_database }", cancellationToken);
        var unreadable = await Migrate();

        folder.Delete(recursive: true);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.ExitCode, Is.EqualTo(1));
            Assert.That(read.Output, Does.Contain("database \"no_such_database\" does not exist"));
            Assert.That(unreadable.ExitCode, Is.EqualTo(78));
            Assert.That(
                unreadable.Output,
                Does.Contain("appsettings.json cannot be read, expected a JSON object: 'D' is")
            );
            Assert.That(unreadable.Output, Does.Not.Contain("   at "), "a stack trace");
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Wrong_settings_stop_the_start_with_a_message_that_names_them_and_no_secret(
        CancellationToken cancellationToken
    )
    {
        var (exitCode, output) = await SenderProcess.Run(
            [],
            [
                $"EVOAI_CRM_API_TOKEN={Secret}",
                "RABBITMQ_PREFETCH_COUNT=many",
                "EVOAI_CRM_BASE_URL=ftp://user:" + Secret + "@crm",
            ],
            cancellationToken
        );

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exitCode, Is.EqualTo(78));
            Assert.That(output, Does.Contain("RABBITMQ_PREFETCH_COUNT").And.Contain("whole number from 1 to 65535"));
            Assert.That(output, Does.Contain("EVOAI_CRM_BASE_URL").And.Contain("http://"));
            Assert.That(output, Does.Contain("POSTGRES_DB_HOST").And.Contain("not set"));
            Assert.That(output, Does.Not.Contain(Secret));
            Assert.That(output, Does.Not.Contain("   at "), "a stack trace");
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_command_says_why_the_database_cannot_be_reached(CancellationToken cancellationToken)
    {
        string[] variables =
        [
            .. SenderProcess.Variables(Scene.ProcessSettings()),
            $"POSTGRES_DB_PORT={FreePort.Pick()}",
        ];

        var (exitCode, output) = await SenderProcess.Run(["migrate"], variables, cancellationToken);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(
            output,
            Does.Contain("The database cannot be reached: Failed to connect").And.Contain("Connection refused")
        );
    }

    [Test, CancelAfter(60_000)]
    public async Task A_port_that_is_taken_stops_the_start_with_a_message_that_says_so(
        CancellationToken cancellationToken
    )
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var (exitCode, output) = await SenderProcess.Run(
            [],
            SenderProcess.Variables(Scene.ProcessSettings() with { Port = port }),
            cancellationToken
        );

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(
            output,
            Does.EndWith($":{port}: address already in use. Expected a free PORT at LISTEN_ADDRESS\n")
                .And.Not.Contain("Unhandled")
        );
    }

    [TestCase("RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:1")]
    [TestCase("POSTGRES_DB_PORT", "1")]
    [CancelAfter(60_000)]
    public async Task A_stop_while_it_still_waits_for_a_server_is_no_crash(
        string variable,
        string nowhere,
        CancellationToken cancellationToken
    )
    {
        using var process = ChildProcess.Start(
            new ProcessStartInfo(
                "env",
                [
                    .. SenderProcess.Variables(Scene.ProcessSettings()),
                    $"{variable}={nowhere}",
                    "dotnet",
                    Scene.HostAssembly,
                    "run",
                ]
            )
            {
                RedirectStandardOutput = true,
            }
        );
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        } while (line?.Contains("\"Warning\"", StringComparison.Ordinal) is false);

        await Command.Run("kill", ["-TERM", $"{process.Id}"], cancellationToken);
        var rest = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);

        Assert.That(process.ExitCode, Is.Zero);
        // MassTransit may tell of the connection that it gives up as of an error.
        Assert.That(rest, Does.Not.Contain("\"Critical\"").And.Not.Contain("BackgroundService"));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_certificate_of_an_authority_of_ones_own_is_trusted_where_it_is_named(
        CancellationToken cancellationToken
    )
    {
        using var certificate = SelfSigned();
        await using var crm = await SimulatedCrm.Start(
            new SimulatedCrmOptions { Certificate = certificate },
            cancellationToken
        );
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid()}.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), cancellationToken);
        var variables = SenderProcess.Variables(
            Scene.ProcessSettings() with
            {
                Crm = crm.BaseUrl,
                CrmToken = crm.Token,
            }
        );

        var distrusted = await SenderProcess.Run(["check"], variables, cancellationToken);
        var trusted = await SenderProcess.Run(["check"], [.. variables, $"SSL_CERT_FILE={file}"], cancellationToken);

        File.Delete(file);
        Assert.That(distrusted.Output, Does.Contain("FAULT  CRM"));
        Assert.That(trusted.Output, Does.Contain("CRM: answers, and takes the token"));
    }

    [TestCase("window", "set", "--zone", "UTC", "--hours", "mon 09:00-20:00")]
    [TestCase("safety", "set", "--share", "20")]
    [TestCase("window", "show")]
    [TestCase("safety", "show")]
    public async Task What_is_ordered_or_asked_for_a_campaign_that_does_not_exist_is_refused(params string[] command)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var campaignId = Guid.NewGuid();

        var (exitCode, output) = await SenderProcess.Run(
            [.. command, "--campaign", $"{campaignId}"],
            SenderProcess.Variables(Scene.ProcessSettings()),
            patience.Token
        );

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain($"Campaign {campaignId} does not exist"));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_broker_with_a_certificate_of_nobodys_gets_no_password(CancellationToken cancellationToken)
    {
        using var certificate = SelfSigned();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var replica = await RunningReplica.StartOnly(
            Scene.Settings(("RabbitMq:Url", $"amqps://somebody:secret@127.0.0.1:{port}")),
            cancellationToken
        );

        // Its consumers' connection and the others: whichever come first.
        for (var connection = 0; connection < 2; connection++)
        {
            using var client = await listener.AcceptTcpClientAsync(cancellationToken);
            await using var tls = new SslStream(client.GetStream());
            var greeting = new byte[4];
            try
            {
                await tls.AuthenticateAsServerAsync(certificate);
                await tls.ReadAtLeastAsync(greeting, 4, throwOnEndOfStream: false, cancellationToken);
            }
            catch (Exception refused) when (refused is IOException or AuthenticationException)
            {
                TestContext.Out.WriteLine(refused.Message);
            }

            Assert.That(Encoding.ASCII.GetString(greeting), Is.Not.EqualTo("AMQP"));
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=crm", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static string Message(JsonElement line) => line.GetProperty("Message").GetString()!;

    private static string Level(JsonElement line) => line.GetProperty("LogLevel").GetString()!;
}
