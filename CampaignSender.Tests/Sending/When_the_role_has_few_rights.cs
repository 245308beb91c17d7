using System.Text.RegularExpressions;
using CampaignSender.Host.Database;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>Of a role that the runbook tells to make where another one migrates.</summary>
internal sealed partial class When_the_role_has_few_rights : SendingTest
{
    private readonly string _role = $"sender_{Guid.NewGuid():N}";

    [SetUp]
    public Task Create() => Execute($"CREATE ROLE {_role} LOGIN PASSWORD '{_role}'", CancellationToken.None);

    [TearDown]
    public Task Drop() => Execute($"DROP OWNED BY {_role}; DROP ROLE {_role}", CancellationToken.None);

    [Test, CancelAfter(60_000)]
    public async Task What_the_runbook_grants_is_enough(CancellationToken cancellationToken)
    {
        await Execute(RunbookSays().Replace("<role>", _role, StringComparison.Ordinal), cancellationToken);
        var plan = await Prepare(contacts: 3, pageSize: 3, cancellationToken);

        await Send(plan, cancellationToken, ("Database:Username", _role), ("Database:Password", _role));

        await Scene.AssertEverybodyGotOne(plan, cancellationToken);
        Assert.That(await OursWithoutRights(cancellationToken), Is.Empty, "tables that it may not write to");
    }

    [Test, CancelAfter(60_000)]
    public async Task One_without_rights_to_our_tables_hears_so(CancellationToken cancellationToken)
    {
        await using var services = Scene.CommandServices(
            static (services, _) => services.AddDatabase(),
            ("Database:Username", _role),
            ("Database:Password", _role)
        );

        Assert.That(
            async () => await services.GetRequiredService<DatabaseMigrator>().Pending(cancellationToken),
            Throws.InstanceOf<MigrationFailedException>().With.Message.Contains("campaign_sender_migrations")
        );
    }

    private async Task<IEnumerable<string>> OursWithoutRights(CancellationToken cancellationToken)
    {
        await using var connection = await Scene.Source.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync<string>(
            """
            SELECT tablename FROM pg_tables
            WHERE tablename LIKE 'campaign\_sender\_%'
              AND NOT has_table_privilege(@role, quote_ident(schemaname) || '.' || quote_ident(tablename), 'INSERT')
            """,
            new { role = _role }
        );
    }

    private static string RunbookSays() =>
        Grants().Match(File.ReadAllText(Repository.PathOf("docs/operations.md"))).Groups[1].Value;

    [GeneratedRegex("```sql\n(GRANT.*?)```", RegexOptions.Singleline)]
    private static partial Regex Grants();
}
