using System.Security.Cryptography;
using System.Text.Json;
using CampaignSender.Contracts;

namespace CampaignSender.Host.Packing;

/// <summary>Cuts contacts into pages that are numbered on from those that the campaign has.</summary>
internal static class PageCutter
{
    public static IReadOnlyList<PackedPage> Cut(
        PackOrder order,
        IReadOnlyCollection<Guid> contactIds,
        int lastPage,
        Guid correlationId
    )
    {
        var chunks = contactIds.Chunk(order.PageSize).ToList();
        return
        [
            .. chunks.Select(
                (chunk, index) =>
                {
                    var page = new CampaignsSend
                    {
                        CampaignId = order.CampaignId,
                        Page = lastPage + index + 1,
                        TotalPages = lastPage + chunks.Count,
                        ContactIds = chunk,
                        TemplateId = order.TemplateId,
                        ChannelType = order.Channel,
                        CorrelationId = correlationId,
                    };
                    var body = MessageWriter.Write(page);
                    return new PackedPage(page.Page, body, SHA256.HashData(body), Headers());
                }
            ),
        ];
    }

    private static string Headers() =>
        JsonSerializer.Serialize(
            new Dictionary<string, string>
            {
                [MessageHeaderNames.CorrelationId] = Guid.NewGuid().ToString(),
                [MessageHeaderNames.MessageId] = Guid.NewGuid().ToString(),
            }
        );
}
