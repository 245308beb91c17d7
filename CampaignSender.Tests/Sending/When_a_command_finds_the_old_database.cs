using NUnit.Framework;

namespace CampaignSender.Tests.Sending;

/// <summary>The process of a command on a database that has nothing of the sender's yet.</summary>
internal sealed class When_a_command_finds_the_old_database() : SendingTest(isMigrated: false)
{
    [Test, CancelAfter(60_000)]
    public async Task Migrate_runs_twice_and_the_second_time_without_effect(CancellationToken cancellationToken)
    {
        var variables = SenderProcess.Variables(Scene.ProcessSettings());

        var listed = await SenderProcess.Run(["migrate", "--dry-run"], variables, cancellationToken);
        var applied = await SenderProcess.Run(["migrate"], variables, cancellationToken);
        var again = await SenderProcess.Run(["migrate"], variables, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(listed.Output, Does.Contain("Would be applied").And.Contain("002_contact_claims"));
            Assert.That(applied.Output, Does.Contain("Applied").And.Contain("002_contact_claims"));
            Assert.That(again.Output.Trim(), Is.EqualTo("The database has everything already."));
            Assert.That(new[] { listed.ExitCode, applied.ExitCode, again.ExitCode }, Is.All.Zero);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_command_says_that_the_database_is_not_migrated(CancellationToken cancellationToken)
    {
        var plan = await Prepare(contacts: 1, pageSize: 1, cancellationToken);
        var variables = SenderProcess.Variables(Scene.ProcessSettings());

        var table = await SenderProcess.Run(["parked", "list"], variables, cancellationToken);
        var column = await SenderProcess.Run(
            ["campaign", "failures", $"{plan.CampaignId}"],
            variables,
            cancellationToken
        );

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                table.Output,
                Does.Contain("relation \"campaign_sender_parked_pages\" does not exist: run migrate first")
            );
            Assert.That(column.Output, Does.Contain("column \"failure_code\" does not exist: run migrate first"));
            Assert.That(new[] { table.ExitCode, column.ExitCode }, Is.All.EqualTo(1));
        }
    }
}
