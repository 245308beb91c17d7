using System.CommandLine;
using CampaignSender.Host.Commands;

// The service ends itself in time when it is told to stop; see ShutdownOptions.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
return await CommandLine.Build().Parse(args).InvokeAsync(invocation);
