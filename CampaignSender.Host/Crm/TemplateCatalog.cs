using CampaignSender.Host.Validation;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace CampaignSender.Host.Crm;

/// <summary>Finds templates where the CRM or an older installation keeps them, and remembers them for a while.</summary>
internal sealed class TemplateCatalog(
    CrmClient crm,
    DispatchSlots slots,
    DispatchRetry retry,
    LegacyTemplateStore legacyTemplates,
    IMemoryCache cache,
    IOptions<CrmOptions> options
)
{
    private int _generation;

    /// <summary>They are asked for anew: whoever lets a campaign go on may have mended its template.</summary>
    public void Forget() => Interlocked.Increment(ref _generation);

    /// <exception cref="PermanentFaultException">The template exists nowhere.</exception>
    public async Task<TemplateLookup> Find(Guid templateId, Guid inboxId, CancellationToken cancellationToken)
    {
        var key = (Volatile.Read(ref _generation), templateId, inboxId);
        if (cache.TryGetValue(key, out CrmTemplate? known) && known is not null)
        {
            return new TemplateLookup.Found(known);
        }

        var lookup = await Ask(templateId, inboxId, cancellationToken);
        if (lookup is TemplateLookup.Found found && options.Value.TemplateCacheTime > TimeSpan.Zero)
        {
            using var entry = cache.CreateEntry(key);
            entry.AbsoluteExpirationRelativeToNow = options.Value.TemplateCacheTime;
            entry.Size = 1;
            entry.Value = found.Template;
        }

        return lookup;
    }

    private async Task<TemplateLookup> Ask(Guid templateId, Guid inboxId, CancellationToken cancellationToken)
    {
        var newer = await Request(inboxId, () => crm.GetTemplate(templateId, cancellationToken), cancellationToken);
        // An older CRM does not know the address, and may refuse it.
        if (
            newer.Kind is not (CrmAnswerKind.UnknownAddress or CrmAnswerKind.Rejected)
            && Unavailable(newer) is { } unavailable
        )
        {
            return unavailable;
        }

        if (newer.Template is { } template)
        {
            return Found(template, templateId);
        }

        var older = await Request(
            inboxId,
            () => crm.FindTemplate(inboxId, templateId, cancellationToken),
            cancellationToken
        );
        // The newest does not know this one: what it has said of the template is all.
        var isNewest = newer.Kind is CrmAnswerKind.NotFound && older.Kind is CrmAnswerKind.UnknownAddress;
        if (!isNewest && Unavailable(older) is { } olderUnavailable)
        {
            return olderUnavailable;
        }

        var found = older.Template ?? await legacyTemplates.Find(templateId, cancellationToken);
        return found is not null
            ? Found(found, templateId)
            : throw new PermanentFaultException(
                PermanentFaultReasons.UnknownTemplate,
                $"Template {templateId} exists neither in the CRM, nor in inbox {inboxId}, nor in the database"
            );
    }

    private static TemplateLookup.Found Found(CrmTemplate template, Guid templateId) =>
        template.IsActive
            ? new TemplateLookup.Found(template)
            : throw new PermanentFaultException(
                PermanentFaultReasons.UnknownTemplate,
                $"Template {templateId} is switched off in the CRM: expected one that is active"
            );

    // Campaigns share what is asked for: in the queue for a slot the inbox stands for them.
    private async Task<CrmAnswer> Request(
        Guid inboxId,
        Func<Task<CrmAnswer>> ask,
        CancellationToken cancellationToken
    ) =>
        await retry.Execute(
            async (request, token) =>
            {
                using var slot = slots.Open(inboxId).Open();
                await slot.Take(token);
                return await request();
            },
            ask,
            cancellationToken
        );

    private static TemplateLookup? Unavailable(CrmAnswer answer) =>
        answer.Kind switch
        {
            CrmAnswerKind.Ok or CrmAnswerKind.NotFound => null,
            CrmAnswerKind.Unauthorized => new TemplateLookup.Unauthorized(),
            CrmAnswerKind.Throttled or CrmAnswerKind.Held => new TemplateLookup.Throttled(),
            _ => new TemplateLookup.Unavailable(),
        };
}
