using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CampaignSender.Tests.Sending;

/// <summary>What a replica logs, for tests to look into and to wait for.</summary>
internal sealed class LogLines : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();
    private TaskCompletionSource _arrival = NewArrival();

    public IReadOnlyCollection<LogLine> All => _lines;

    public async Task<LogLine> WaitFor(string text, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = Volatile.Read(ref _arrival).Task;
            if (_lines.FirstOrDefault(line => line.Text.Contains(text, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() { }

    private void Add(LogLevel level, string text)
    {
        var scope = new Dictionary<string, object?>();
        _scopes.ForEachScope(
            static (each, values) =>
            {
                foreach (var (key, value) in each as IEnumerable<KeyValuePair<string, object?>> ?? [])
                {
                    values[key] = value;
                }
            },
            scope
        );
        _lines.Enqueue(new LogLine(Stopwatch.GetElapsedTime(_started), level, text, scope));
        Interlocked.Exchange(ref _arrival, NewArrival()).SetResult();
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Logger(LogLines lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => lines._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) =>
            lines.Add(
                logLevel,
                exception is null ? formatter(state, null) : $"{formatter(state, exception)}\n{exception}"
            );
    }
}
