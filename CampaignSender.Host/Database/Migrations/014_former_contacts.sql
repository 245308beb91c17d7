-- evo-flow's packer deletes a campaign's contacts and inserts them anew whenever it gets its message to pack, a second time
-- of the same message too. What had become of them would be gone with their rows. See docs/adr/0022.

-- The packing that the contact was claimed for last: the correlation id of its page.
alter table campaigns_contacts
    add column if not exists claim_correlation_id uuid;

-- Deleted rows that had a verdict or a claim, as they were. The foreign key, so that they go with their campaign.
create table campaign_sender_former_contacts (
    campaign_id      uuid        not null references campaigns (id) on delete cascade,
    correlation_id   uuid        not null,
    contact_id       uuid        not null,
    id               uuid        not null,
    status           campaign_contact_status_enum not null,
    sent_at          timestamp,
    claim_id         uuid,
    claim_expires_at timestamptz,
    claim_attempts   integer     not null,
    failure_code     text,
    failure_reason   text,
    crm_message_id   text,
    settled_at       timestamptz,
    uncertain_since  timestamptz,
    deleted_at       timestamptz not null default clock_timestamp(),
    primary key (campaign_id, correlation_id, contact_id, id)
);

-- Campaigns whose last contacts were deleted, and when: they may be on their way back.
create table campaign_sender_emptied_campaigns (
    campaign_id uuid primary key references campaigns (id) on delete cascade,
    emptied_at  timestamptz not null
);

-- With the rights of whoever migrates: evo-flow's role need not know our tables.
create function campaign_sender_keep_former_contacts() returns trigger
    language plpgsql security definer set search_path from current as
$$
begin
    delete from campaign_sender_former_contacts
    where campaign_id in (select campaign_id from deleted)
      and deleted_at < clock_timestamp() - interval '1 day';

    insert into campaign_sender_former_contacts
        (campaign_id, correlation_id, contact_id, id, status, sent_at, claim_id, claim_expires_at, claim_attempts,
         failure_code, failure_reason, crm_message_id, settled_at, uncertain_since)
    select campaign_id, claim_correlation_id, contact_id, id, status, sent_at, claim_id, claim_expires_at, claim_attempts,
           failure_code, failure_reason, crm_message_id, settled_at, uncertain_since
    from deleted
    where claim_correlation_id is not null
      and (status <> 'PENDING' or claim_id is not null)
      and failure_code is distinct from 'duplicate_row'
      -- It may be the campaign itself that is deleted.
      and exists (select from campaigns where campaigns.id = deleted.campaign_id)
    on conflict do nothing;

    insert into campaign_sender_emptied_campaigns (campaign_id, emptied_at)
    select id, clock_timestamp()
    from campaigns
    where id in (select campaign_id from deleted)
      and not exists (select from campaigns_contacts where campaigns_contacts.campaign_id = campaigns.id)
    on conflict (campaign_id) do update set emptied_at = excluded.emptied_at;

    return null;
end
$$;

create trigger campaign_sender_keep_former_contacts
    after delete on campaigns_contacts
    referencing old table as deleted
    for each statement execute function campaign_sender_keep_former_contacts();
