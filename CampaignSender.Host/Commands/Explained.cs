using CampaignSender.Host.Configuration;
using CampaignSender.Host.Database;
using CampaignSender.Host.DryRuns;
using CampaignSender.Host.Validation;
using Confluent.Kafka;
using MassTransit;
using Microsoft.AspNetCore.Connections;
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
        catch (Exception exception) when (Explain(exception) is { } explained)
        {
            await Console.Error.WriteLineAsync(explained.Message);
            return explained.ExitCode;
        }
    }

    private static (int ExitCode, string Message)? Explain(Exception exception) =>
        exception switch
        {
            InvalidConfigurationException => (ExitCodes.InvalidConfiguration, exception.Message),
            OptionsValidationException options => (
                ExitCodes.InvalidConfiguration,
                new InvalidConfigurationException([.. options.Failures]).Message
            ),
            MigrationFailedException or PermanentFaultException or DryRunEndedException => (
                ExitCodes.Failure,
                exception.Message
            ),
            KafkaException kafka => (ExitCodes.Failure, $"Kafka refuses or cannot be reached: {kafka.Error.Reason}"),
            RabbitMQClientException
            or BrokerUnreachableException
            or TransportUnavailableException
            or TimeoutException => (
                ExitCodes.Failure,
                $"The broker refuses or cannot be reached: {FaultLog.CauseOf(exception)}"
            ),
            PostgresException postgres => (
                ExitCodes.Failure,
                $"The database refuses: {postgres.MessageText}{AdviceOn(postgres)}"
            ),
            NpgsqlException => (ExitCodes.Failure, $"The database cannot be reached: {FaultLog.CauseOf(exception)}"),
            // Where a signal was the cause, CommandHost has told so: RabbitMQ's client gives up like that.
            OperationCanceledException => (ExitCodes.Failure, "A server has not answered in time"),
            IOException { InnerException: AddressInUseException } => (
                ExitCodes.Failure,
                $"{exception.Message} Expected a free PORT at LISTEN_ADDRESS"
            ),
            _ => null,
        };

    private static string AdviceOn(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
            ? ": run migrate first"
            : "";
}
