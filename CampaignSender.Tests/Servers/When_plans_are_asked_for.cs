using CampaignSender.Sandbox.Servers;
using Dapper;
using Npgsql;
using NUnit.Framework;

namespace CampaignSender.Tests.Servers;

public sealed class When_plans_are_asked_for
{
    [Test, CancelAfter(60_000)]
    public async Task Each_statement_comes_with_the_plan_that_it_was_executed_by(CancellationToken cancellationToken)
    {
        await using var servers = await LocalServers.Start(
            ServerNeeds.PostgreSql | ServerNeeds.StatementPlans,
            new TestServerLog(),
            cancellationToken
        );
        var database = await servers.PostgreSql.CreateDatabase("explained", cancellationToken);
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteAsync("create table numbers as select n from generate_series(1, 100) n");
        Assert.That(await servers.PostgreSql.TryLogPlans(cancellationToken), Is.True);

        // The setting reaches a session that stands open a moment later.
        StatementPlan? plan = null;
        while (plan is null)
        {
            await connection.ExecuteScalarAsync<long>(
                "select sum(n)\nfrom numbers where n > @least",
                new { least = 7 }
            );
            var plans = await servers.PostgreSql.Plans(cancellationToken);
            plan = plans.SingleOrDefault(each => each.Statement[0] is "select sum(n)");
        }

        Assert.That(plan.Statement, Is.EqualTo(["select sum(n)", "from numbers where n > $1"]).AsCollection);
        Assert.That(plan.Plan[0], Does.StartWith("Aggregate").And.Contains("actual time="));
        Assert.That(plan.Plan, Has.Some.Contains("Buffers: shared hit="));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_server_without_a_log_of_plans_is_left_as_it_is(CancellationToken cancellationToken) =>
        Assert.That(await (await SharedServers.PostgreSql()).TryLogPlans(cancellationToken), Is.False);
}
