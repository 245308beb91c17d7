using CampaignSender.Host.Configuration;
using CampaignSender.Host.Database;
using CampaignSender.Host.DryRuns;
using CampaignSender.Host.Validation;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Npgsql;
using RabbitMQ.Client.Exceptions;

namespace CampaignSender.Host.Commands;

/// <summary>Turns the faults that an operator can mend into one message and an exit code instead of a stack trace.</summary>
internal static class Explained
{
    public static async Task<int> Run(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (InvalidConfigurationException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCodes.InvalidConfiguration;
        }
        catch (OptionsValidationException exception)
        {
            await Console.Error.WriteLineAsync(new InvalidConfigurationException([.. exception.Failures]).Message);
            return ExitCodes.InvalidConfiguration;
        }
        catch (Exception exception)
            when (exception is MigrationFailedException or PermanentFaultException or DryRunEndedException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCodes.Failure;
        }
        catch (KafkaException exception)
        {
            await Console.Error.WriteLineAsync($"Kafka refuses or cannot be reached: {exception.Error.Reason}");
            return ExitCodes.Failure;
        }
        catch (Exception exception)
            when (exception is RabbitMQClientException or BrokerUnreachableException or TimeoutException)
        {
            await Console.Error.WriteLineAsync($"The broker refuses or cannot be reached: {Cause(exception)}");
            return ExitCodes.Failure;
        }
        catch (PostgresException exception)
        {
            var advice = exception.SqlState is PostgresErrorCodes.UndefinedTable ? ": run migrate first" : "";
            await Console.Error.WriteLineAsync($"The database refuses: {exception.MessageText}{advice}");
            return ExitCodes.Failure;
        }
        catch (NpgsqlException exception)
        {
            await Console.Error.WriteLineAsync($"The database cannot be reached: {Cause(exception)}");
            return ExitCodes.Failure;
        }
    }

    /// <summary>What a client library says and what it was told itself: a refused connection, a certificate that is not trusted.</summary>
    public static string Cause(Exception exception)
    {
        var cause = exception.GetBaseException();
        return cause == exception ? exception.Message : $"{exception.Message}: {cause.Message}";
    }
}
