using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace CampaignSender.Sandbox.Servers;

/// <summary>Ports for our servers.</summary>
internal static class FreePort
{
    /// <summary>
    /// Picks below the range that outgoing connections take theirs from. Out of that range, a client that keeps
    /// connecting while its server is down could be given the server's own port.
    /// </summary>
    public static int Pick()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(15_000, 32_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }
}
