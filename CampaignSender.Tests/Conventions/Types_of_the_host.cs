using System.Reflection;
using System.Runtime.CompilerServices;
using CampaignSender.Host;
using NUnit.Framework;

namespace CampaignSender.Tests.Conventions;

internal sealed class Types_of_the_host
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly
        | BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static;

    // What compilers and generators write has names that no source can have, or says so.
    private static readonly IReadOnlyList<Type> Written =
    [
        .. typeof(CampaignSendFlow)
            .Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith(HostSource.Root, StringComparison.Ordinal) is true)
            .Where(type => !IsGenerated(type)),
    ];

    [Test]
    public void They_are_found() => Assert.That(Written, Has.Count.GreaterThan(100));

    [Test]
    public void None_is_public() =>
        Assert.That(Written.Where(type => type.IsPublic).Select(type => type.FullName), Is.Empty);

    [Test]
    public void A_class_is_sealed_or_made_to_be_derived_from() =>
        Assert.That(
            Written
                .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false })
                .Select(type => type.FullName),
            Is.Empty
        );

    [Test]
    public void A_cancellation_token_is_the_last_parameter_and_required()
    {
        var faults =
            from type in Written
            from method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared))
            where !IsGenerated(method)
            let parameters = method.GetParameters()
            from parameter in parameters
            where parameter.ParameterType == typeof(CancellationToken)
            where
                parameter.HasDefaultValue
                || parameters[parameter.Position..].Any(each => each.ParameterType != typeof(CancellationToken))
            select $"{type.FullName}.{method.Name}({parameter.Name})";

        Assert.That(faults, Is.Empty);
    }

    [Test]
    public void There_are_none_that_help_manage_or_are_of_use() =>
        Assert.That(
            Written
                .Select(type => type.Name)
                .Where(name =>
                    name.Contains("Helper", StringComparison.Ordinal)
                    || name.Contains("Manager", StringComparison.Ordinal)
                    || name.Contains("Util", StringComparison.Ordinal)
                    || name.EndsWith("Extensions", StringComparison.Ordinal)
                ),
            Is.Empty
        );

    private static bool IsGenerated(MemberInfo member) =>
        member.Name.Contains('<', StringComparison.Ordinal)
        || member.IsDefined(typeof(CompilerGeneratedAttribute))
        || member.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute))
        || (member.DeclaringType is { } owner && IsGenerated(owner));
}
