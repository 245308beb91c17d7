-- Whoever empties a paused campaign computes its audience anew, and publishes nothing: its parked pages go on with the new
-- rows. See docs/adr/0022.
alter table campaign_sender_emptied_campaigns
    add column was_paused boolean not null default false;

-- All that one statement deletes was deleted at one time.
create or replace function campaign_sender_keep_former_contacts() returns trigger
    language plpgsql security definer set search_path from current as
$$
begin
    delete from campaign_sender_former_contacts
    where campaign_id in (select campaign_id from deleted)
      and deleted_at < clock_timestamp() - interval '1 day';

    insert into campaign_sender_former_contacts
        (campaign_id, correlation_id, contact_id, id, status, sent_at, claim_id, claim_expires_at, claim_attempts,
         failure_code, failure_reason, crm_message_id, settled_at, uncertain_since, deleted_at)
    select campaign_id, claim_correlation_id, contact_id, id, status, sent_at, claim_id, claim_expires_at, claim_attempts,
           failure_code, failure_reason, crm_message_id, settled_at, uncertain_since,
           statement_timestamp()
    from deleted
    where claim_correlation_id is not null
      and (status <> 'PENDING' or claim_id is not null)
      and failure_code is distinct from 'duplicate_row'
      -- It may be the campaign itself that is deleted.
      and exists (select from campaigns where campaigns.id = deleted.campaign_id)
    on conflict do nothing;

    insert into campaign_sender_emptied_campaigns (campaign_id, emptied_at, was_paused)
    select id, clock_timestamp(), status = 3
    from campaigns
    where id in (select campaign_id from deleted)
      and not exists (select from campaigns_contacts where campaigns_contacts.campaign_id = campaigns.id)
    on conflict (campaign_id) do update set emptied_at = excluded.emptied_at, was_paused = excluded.was_paused;

    return null;
end
$$;

-- A function that runs with the rights of whoever migrated must not find somebody's temporary tables before ours: without
-- pg_temp in its path they come first.
do $$
begin
    execute format(
        'alter function campaign_sender_keep_former_contacts() set search_path = %s, pg_temp',
        current_setting('search_path')
    );
end
$$;
