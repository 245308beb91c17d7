namespace CampaignSender.Host.Pacing;

/// <summary>What the database granted: messages that follow each other at the inbox's rate.</summary>
/// <param name="Granted">Messages; 0 where so many are granted already that it is no use to wait in line.</param>
/// <param name="EndsInSeconds">From the statement until all that was granted, to whomever, has had its time.</param>
internal sealed record InboxGrant(int Granted, double EndsInSeconds, int Capacity, int RefillRate);
