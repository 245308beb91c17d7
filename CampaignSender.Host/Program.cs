using System.CommandLine;
using CampaignSender.Host.Commands;

var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null };
var command = CommandLine.Build().Parse(args);
Answer.IsForPrograms = command.GetValue(Answer.JsonOption);
return await Interruption.Watch(cancellationToken => command.InvokeAsync(invocation, cancellationToken));
