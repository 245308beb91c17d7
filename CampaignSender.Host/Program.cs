using System.CommandLine;
using System.CommandLine.Invocation;
using CampaignSender.Host.Commands;

var command = CommandLine.Build().Parse(args);
if (command.Action is ParseErrorAction fault)
{
    return WrongArguments.Tell(command, fault);
}

var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null };
Answer.IsForPrograms = command.GetValue(Answer.JsonOption);
return await Interruption.Watch(cancellationToken => command.InvokeAsync(invocation, cancellationToken));
