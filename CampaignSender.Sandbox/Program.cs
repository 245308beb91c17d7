using System.CommandLine;
using CampaignSender.Sandbox.Commands;
using CampaignSender.Sandbox.Servers;

var invocation = new InvocationConfiguration
{
    // Servers and replicas are stopped in order after Ctrl+C.
    ProcessTerminationTimeout = TimeSpan.FromSeconds(60),
    EnableDefaultExceptionHandler = false,
};
try
{
    return await CommandLine.Build().Parse(args).InvokeAsync(invocation);
}
catch (OperationCanceledException)
{
    return 1;
}
catch (Exception exception)
{
    // The first two say what to do about it; all else is a fault of the program.
    var isTheirs = exception is ServerUnavailableException or NotSupportedException;
    await Console.Error.WriteLineAsync(isTheirs ? exception.Message : exception.ToString());
    return 1;
}
