using System.CommandLine;
using CampaignSender.Sandbox.Commands;

// Servers and replicas are stopped in order after Ctrl+C.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) };
return await CommandLine.Build().Parse(args).InvokeAsync(invocation);
