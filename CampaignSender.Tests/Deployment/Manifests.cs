using k8s;
using k8s.Models;

namespace CampaignSender.Tests.Deployment;

/// <summary>The files in <c>deploy/kubernetes</c>, read as the API of Kubernetes reads them: unknown fields are faults.</summary>
internal static class Manifests
{
    public static string Folder { get; } = Repository.PathOf("deploy/kubernetes");

    public static IReadOnlyList<string> Files { get; } =
    [.. Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>Those that Kubernetes reads; the others are kustomize's.</summary>
    public static IReadOnlyList<string> ResourceFiles { get; } =
    [.. Files.Where(file => Path.GetFileName(file) != "kustomization.yaml")];

    /// <summary>Those that do not come with Kubernetes.</summary>
    private static Dictionary<string, Type> Kinds { get; } =
        new()
        {
            [KedaResource.ScaledObject] = typeof(KedaResource),
            [KedaResource.TriggerAuthentication] = typeof(KedaResource),
        };

    public static V1Deployment Deployment => Read<V1Deployment>("base/deployment.yaml");

    public static V1Job Migration => Read<V1Job>("base/migration.yaml");

    public static V1Pod Command => Read<V1Pod>("command/pod.yaml");

    public static IReadOnlyList<V1ConfigMap> Settings =>
        [Read<V1ConfigMap>("overlays/rabbitmq/settings.yaml"), Read<V1ConfigMap>("overlays/kafka/settings.yaml")];

    public static List<object> ReadAll(string file) =>
        KubernetesYaml.LoadAllFromString(File.ReadAllText(file), Kinds, strict: true);

    private static T Read<T>(string file) => ReadAll(Path.Combine(Folder, file)).OfType<T>().Single();
}
