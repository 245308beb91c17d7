using System.Globalization;
using CampaignSender.Contracts;
using CampaignSender.Host.Configuration;
using k8s.Models;
using NUnit.Framework;

namespace CampaignSender.Tests.Deployment;

/// <summary>What must hold of the manifests, beside that Kubernetes can read them.</summary>
internal sealed class When_the_service_runs_on_Kubernetes
{
    /// <summary>After the drain: consumers end, telemetry is flushed, the last line is written.</summary>
    private static readonly TimeSpan AfterDrain = TimeSpan.FromSeconds(10);

    private static readonly string[] Probes = ["/health", "/health", "/ready"];

    private static V1PodSpec Replica => Manifests.Deployment.Spec.Template.Spec;

    private static IEnumerable<V1PodSpec> Pods =>
        [Replica, Manifests.Migration.Spec.Template.Spec, Manifests.Command.Spec];

    private static V1Container Container => Replica.Containers.Single();

    [TestCaseSource(typeof(Manifests), nameof(Manifests.ResourceFiles))]
    public void Kubernetes_knows_every_field(string file) =>
        Assert.That(Manifests.ReadAll(file), Has.Count.EqualTo(1).And.None.Null);

    [Test]
    public void Every_file_is_listed_by_kustomize()
    {
        foreach (var group in Manifests.ResourceFiles.GroupBy(file => Path.GetDirectoryName(file)!))
        {
            var listed = File.ReadAllLines(Path.Combine(group.Key, "kustomization.yaml"))
                .Select(line => line.Trim())
                .ToHashSet();
            Assert.That(
                group.Select(file => $"- {Path.GetFileName(file)}").Where(line => !listed.Contains(line)),
                Is.Empty,
                group.Key
            );
        }
    }

    [TestCaseSource(nameof(Pods))]
    public void It_may_do_nothing_that_it_does_not_need(V1PodSpec pod)
    {
        var container = pod.Containers.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(pod.SecurityContext.RunAsNonRoot, Is.True);
            Assert.That(pod.SecurityContext.SeccompProfile.Type, Is.EqualTo("RuntimeDefault"));
            Assert.That(pod.AutomountServiceAccountToken, Is.False);
            Assert.That(pod.EnableServiceLinks, Is.False);
            Assert.That(container.SecurityContext.AllowPrivilegeEscalation, Is.False);
            Assert.That(container.SecurityContext.ReadOnlyRootFilesystem, Is.True);
            Assert.That(container.SecurityContext.Capabilities.Drop, Is.EqualTo(["ALL"]));
            Assert.That(container.Resources.Requests.Keys, Is.EquivalentTo(["cpu", "memory"]));
            Assert.That(container.Resources.Limits.Keys, Does.Contain("memory"));
        }
    }

    [Test]
    public void It_gets_the_time_that_a_stop_takes()
    {
        var drain = TimeSpan.FromMilliseconds(
            double.Parse(
                Container.Env.Single(variable => variable.Name == "SHUTDOWN_DRAIN_MS").Value,
                CultureInfo.InvariantCulture
            )
        );

        Assert.That(
            TimeSpan.FromSeconds(Replica.TerminationGracePeriodSeconds!.Value),
            Is.GreaterThanOrEqualTo(drain + AfterDrain)
        );
    }

    [Test]
    public void It_is_asked_where_it_answers()
    {
        var probes = new[] { Container.StartupProbe, Container.LivenessProbe, Container.ReadinessProbe };
        var port = Container.Ports.Single();

        Assert.That(probes.Select(probe => probe.HttpGet.Path), Is.EqualTo(Probes));
        Assert.That(probes.Select(probe => probe.HttpGet.Port.Value), Is.All.EqualTo(port.Name));
        Assert.That(
            Container.Env.Single(variable => variable.Name == "PORT").Value,
            Is.EqualTo($"{port.ContainerPort}")
        );
    }

    [Test]
    public void Every_variable_is_one_that_it_reads()
    {
        var names = Container
            .Env.Select(variable => variable.Name)
            .Concat(Manifests.Settings.SelectMany(settings => settings.Data.Keys))
            .Distinct();

        Assert.That(names, Is.SubsetOf(EnvironmentVariables.All.Select(variable => variable.Name)));
    }

    [Test]
    public void No_secret_is_in_the_files()
    {
        var secrets = EnvironmentVariables.All.Where(variable =>
            variable.Name is "RABBITMQ_URL" or "EVOAI_CRM_API_TOKEN"
            || variable.Name.EndsWith("PASSWORD", StringComparison.Ordinal)
        );

        Assert.That(
            Manifests.Files.Where(file =>
                // A reference names the key in the secret.
                secrets.Any(secret =>
                    File.ReadAllText(file)
                        .Replace($"key: {secret.Name}", "", StringComparison.Ordinal)
                        .Contains(secret.Name, StringComparison.Ordinal)
                )
            ),
            Is.Empty
        );
    }

    [Test]
    public void It_is_scaled_by_what_it_consumes()
    {
        var resources = Manifests.ResourceFiles.SelectMany(Manifests.ReadAll).ToList();
        var autoscaler = resources.OfType<V2HorizontalPodAutoscaler>().Single();
        var triggers = resources
            .OfType<KedaResource>()
            .SelectMany(resource => resource.Spec.Triggers)
            .ToDictionary(trigger => trigger.Type, trigger => trigger.Metadata);
        var targets = resources
            .OfType<KedaResource>()
            .Select(resource => resource.Spec.ScaleTargetRef?.Name)
            .OfType<string>()
            .Append(autoscaler.Spec.ScaleTargetRef.Name);

        Assert.That(targets, Is.All.EqualTo(Manifests.Deployment.Metadata.Name));
        Assert.That(triggers["rabbitmq"]["queueName"], Is.EqualTo(Queues.Send));
        Assert.That(triggers["kafka"]["topic"], Is.EqualTo(Topics.Send));
        Assert.That(triggers["kafka"]["consumerGroup"], Is.EqualTo(Queues.Send));
    }

    [Test]
    public void Everything_that_chooses_its_pods_finds_them()
    {
        var labels = Manifests.Deployment.Spec.Template.Metadata.Labels;
        var selectors = Manifests
            .ResourceFiles.SelectMany(Manifests.ReadAll)
            .Select(resource =>
                resource switch
                {
                    V1Deployment deployment => deployment.Spec.Selector.MatchLabels,
                    V1PodDisruptionBudget budget => budget.Spec.Selector.MatchLabels,
                    V1NetworkPolicy policy => policy.Spec.PodSelector.MatchLabels,
                    V1Service service => service.Spec.Selector,
                    _ => null,
                }
            )
            .OfType<IDictionary<string, string>>()
            .ToList();

        Assert.That(selectors, Has.Count.EqualTo(4));
        Assert.That(selectors, Is.All.EqualTo(labels));
    }
}
