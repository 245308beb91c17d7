using System.CommandLine;
using CampaignSender.Host.Commands;

// The service ends itself in time when it is told to stop; see ShutdownOptions.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
var command = CommandLine.Build().Parse(args);
Answer.IsForPrograms = command.GetValue(Answer.JsonOption);
return await command.InvokeAsync(invocation);
