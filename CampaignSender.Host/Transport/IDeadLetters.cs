namespace CampaignSender.Host.Transport;

/// <summary>The dead letters of pages, as an operator sees to them.</summary>
internal interface IDeadLetters
{
    /// <summary>
    /// Shows the letters that are there now, the oldest of a queue or partition first, and does with each what is decided.
    /// </summary>
    /// <param name="decide">Told to be removed, a letter is gone when the next one is shown.</param>
    Task Visit(Func<DeadLetter, Task<DeadLetterFate>> decide, CancellationToken cancellationToken);
}
