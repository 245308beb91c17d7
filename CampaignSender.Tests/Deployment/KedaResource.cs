using k8s.Models;

namespace CampaignSender.Tests.Deployment;

/// <summary>
/// The kinds of KEDA that the manifests have, with the fields that they use: a field that is not here is not known to be one.
/// https://keda.sh/docs/latest/reference/scaledobject-spec/
/// </summary>
internal sealed class KedaResource
{
    public const string ScaledObject = "keda.sh/v1alpha1/ScaledObject";
    public const string TriggerAuthentication = "keda.sh/v1alpha1/TriggerAuthentication";

    public string ApiVersion { get; set; } = "";
    public string Kind { get; set; } = "";
    public V1ObjectMeta Metadata { get; set; } = new();
    public KedaSpec Spec { get; set; } = new();

    internal sealed class KedaSpec
    {
        public KedaReference? ScaleTargetRef { get; set; }
        public int? MinReplicaCount { get; set; }
        public int? MaxReplicaCount { get; set; }
        public IList<KedaTrigger> Triggers { get; set; } = [];
        public IList<KedaSecret> SecretTargetRef { get; set; } = [];
    }

    internal sealed class KedaReference
    {
        public string Name { get; set; } = "";
    }

    internal sealed class KedaTrigger
    {
        public string Type { get; set; } = "";
        public IDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>();
        public KedaReference? AuthenticationRef { get; set; }
    }

    internal sealed class KedaSecret
    {
        public string Parameter { get; set; } = "";
        public string Name { get; set; } = "";
        public string Key { get; set; } = "";
    }
}
